/** Each row that was measured in a browser, and each thing that the studio can say. */
import { expect, test } from "vitest";
import type { Playback, Problem } from "../api/shapes";
import { asset } from "../cards/examples";
import { CERTAIN, told } from "./causes";
import { type Cause, diagnose } from "./diagnose";
import type { Complaint, Evidence, Loaded } from "./evidence";
import {
  DECODE,
  FORMAT,
  NO_STREAMS,
  NOT_OPEN,
  PACKET,
  POLICIES,
  type PolicyRow,
  SAFETY,
} from "./measured";

const URL_THERE = "https://media.test/clip.mp4";

function problem(code: string, facts: Problem["facts"] = {}): Problem {
  return { code, title: `${code}.`, detail: "", remedy: "", retryable: false, facts };
}

function loaded(source: Loaded["source"], change: Partial<Loaded> = {}): Loaded {
  const address = { direct: URL_THERE, none: null }[source as string] ?? "/media/a";
  return { source, address, crossorigin: null, reason: null, ...change };
}

type Remote = NonNullable<Playback["remote"]>;

function remote(change: Partial<Remote> = {}): Remote {
  return {
    host: "media.test",
    reachable: true,
    status: 206,
    cors: null,
    resource_policy: null,
    problem: null,
    checked_at: "2026-11-01T10:00:00Z",
    ...change,
  };
}

function playback(change: Partial<Playback> = {}): Playback {
  return {
    source: "local",
    address: "/media/a",
    crossorigin: null,
    reason: null,
    preference: "relay",
    embedder_policy: "require-corp",
    remote: null,
    playable_in_browser: true,
    proxy: { needed: false, state: "none", progress: null, address: null, problem: null },
    ...change,
  };
}

function error(message: string, code = 4): Complaint {
  return { kind: "error", code, message };
}

/** A saved, measured, unaltered H.264 clip whose address answers. */
function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    loaded: loaded("local"),
    complaint: error(FORMAT),
    refused: { content: false, embedder: false },
    answer: { kind: "answered", status: 206, problem: null },
    playback: playback(),
    isOffline: false,
    isIntact: true,
    videoCodec: "h264",
    ...change,
  };
}

const answered = (status: number, told: Problem | null = null): Evidence["answer"] => ({
  kind: "answered",
  status,
  problem: told,
});

const causeOf = (change: Partial<Evidence>): string => wordOf(diagnose(evidence(change)));

const wordOf = (cause: Cause): string =>
  cause.name === "unclear" ? cause.either.join(" or ") : cause.name;

function fromPolicyRow([, corp, acao, crossorigin, , said, observed]: PolicyRow): Evidence {
  const mode = crossorigin === "anonymous" ? "anonymous" : null;
  return evidence({
    loaded: loaded("direct", { crossorigin: mode }),
    complaint: error(said),
    refused: { content: observed === "csp-violation", embedder: observed === "coep:corp" },
    answer: null,
    playback: playback({
      source: "direct",
      remote: remote({
        cors: acao === "*",
        resource_policy: corp === "-" ? null : corp,
      }),
    }),
    isIntact: null,
  });
}

function expectedOf([, , , , csp, , observed]: PolicyRow): string {
  if (csp === "blocks") return "content_policy";
  return observed === "coep:corp" ? "embedder_policy" : "cross_origin";
}

test("all combinations of policies were measured", () => {
  expect(new Set(POLICIES.map((row) => row.slice(0, 5).join())).size).toBe(48);
});

test.each(POLICIES.filter(([, , , , , said]) => said !== "plays"))(
  "embedder %s, CORP %s, CORS %s, crossorigin %s, content policy %s: %s",
  (...row) => {
    const cause = diagnose(fromPolicyRow(row));
    expect(cause.name).toBe(expectedOf(row));
    expect(cause.host).toBe("media.test");
  },
);

test("a browser that does not tell of its embedder policy is understood all the same", () => {
  for (const row of POLICIES.filter(([, , , , , , observed]) => observed === "coep:corp")) {
    const silent = { ...fromPolicyRow(row), refused: { content: false, embedder: false } };
    expect(diagnose(silent).name).toBe("embedder_policy");
  }
});

test("the text of a refusal without its event proves nothing", () => {
  // The same words stand there for the address of a file.
  expect(causeOf({ complaint: error(SAFETY) })).toBe("passing or stopped");
});

const OUR_ANSWERS: readonly (readonly [string, number, Problem | null, string])[] = [
  ["404 of what is not listed", 404, problem("asset_not_found"), "refused"],
  [
    "404 of a file that has left",
    404,
    problem("media_not_here", { state: "missing" }),
    "file_missing",
  ],
  ["404 of a link", 404, problem("media_not_here", { state: "saved" }), "file_missing"],
  [
    "404 of what waits in memory",
    404,
    problem("media_not_here", { state: "unsaved" }),
    "no_source",
  ],
  ["404 where only local bytes play", 404, problem("remote_playback_off"), "no_source"],
  ["410", 410, problem("media_gone", { status: 410 }), "gone"],
  ["410 after a 404", 410, problem("media_gone", { status: 404 }), "not_found"],
  ["410 after a 403", 410, problem("media_gone", { status: 403 }), "forbidden"],
  ["410 of the provider", 410, problem("media_gone"), "gone"],
  ["401", 401, problem("token_required"), "locked"],
  ["403", 403, problem("origin_refused"), "refused"],
  ["416 of an empty file", 416, problem("range_unsatisfiable", { size: 0 }), "damaged"],
  ["500", 500, problem("unexpected"), "refused"],
  ["503", 503, problem("storage_failed"), "refused"],
  ["502: the host says 500", 502, problem("download_status", { status: 500 }), "host_error"],
  ["502: the host says 503", 502, problem("download_status", { status: 503 }), "host_error"],
  ["502: the host says 401", 502, problem("download_status", { status: 401 }), "forbidden"],
  ["502: reset, refused, offline", 502, problem("download_failed"), "host_silent"],
  ["502: cut", 502, problem("download_interrupted"), "cut_off"],
  ["502: too short", 502, problem("download_wrong_length"), "cut_off"],
  ["502: a page instead", 502, problem("download_not_media"), "not_media"],
  ["502: not a listed host", 502, problem("media_host_refused"), "host_refused"],
  ["an error without words", 500, null, "refused"],
];

test.each(OUR_ANSWERS)("our address: %s", (_name, status, said, expected) => {
  expect(causeOf({ answer: answered(status, said), isIntact: null })).toBe(expected);
});

test.each(OUR_ANSWERS.filter(([, , said]) => said?.code.startsWith("download")))(
  "the media host itself, asked by the studio: %s",
  (_name, _status, said, expected) => {
    const heard = playback({ remote: remote({ reachable: false, problem: said }) });
    const seen = { loaded: loaded("direct"), answer: null, playback: heard, isIntact: null };
    expect(causeOf(seen)).toBe(expected);
  },
);

const ELEMENTS: readonly (readonly [string, Partial<Evidence>, string])[] = [
  ["HEVC without sound", { complaint: error(NO_STREAMS), videoCodec: "hevc" }, "codec"],
  [
    "the same, never measured",
    { complaint: error(NO_STREAMS), videoCodec: null, isIntact: null },
    "codec",
  ],
  [
    "HEVC beside sound",
    { complaint: { kind: "no_picture" }, videoCodec: "hevc" },
    "codec_of_picture",
  ],
  [
    "ProRes beside sound",
    { complaint: { kind: "no_picture" }, videoCodec: "prores" },
    "codec_of_picture",
  ],
  ["H.264 in a browser without it", { complaint: { kind: "no_picture" } }, "codec_of_picture"],
  [
    "no picture, never measured",
    { complaint: { kind: "no_picture" }, videoCodec: null, isIntact: null },
    "codec or sound_only",
  ],
  [
    "no picture, and other bytes",
    { complaint: { kind: "no_picture" }, isIntact: false },
    "damaged",
  ],
  ["a page, or garbage", { complaint: error(NOT_OPEN), isIntact: false }, "damaged"],
  ["a container that is not known", { complaint: error(NOT_OPEN) }, "codec"],
  [
    "garbage through the relay",
    { complaint: error(NOT_OPEN), loaded: loaded("relay"), isIntact: null },
    "damaged or codec",
  ],
  ["truncated", { complaint: error(DECODE, 3), isIntact: false }, "damaged"],
  ["corrupt in the middle", { complaint: error(PACKET, 3), isIntact: false }, "damaged"],
  ["corrupt when it was saved", { complaint: error(PACKET, 3) }, "damaged or decoder"],
  [
    "corrupt at the media host",
    { complaint: error(DECODE, 3), loaded: loaded("relay"), isIntact: null },
    "damaged or decoder",
  ],
  [
    "a codec that no browser has to know",
    { complaint: error(DECODE, 3), playback: playback({ playable_in_browser: false }) },
    "codec",
  ],
  [
    "garbage whose message is withheld",
    {
      complaint: error(""),
      loaded: loaded("direct"),
      answer: null,
      isIntact: null,
      playback: playback({ remote: remote({ resource_policy: "cross-origin" }) }),
    },
    "damaged or codec",
  ],
  ["empty", { answer: answered(206), isIntact: false }, "damaged"],
  ["it answers when asked again", {}, "passing or stopped"],
  ["a picture that is no picture", { complaint: error(""), isIntact: false }, "damaged"],
  ["nothing comes, and it answers", { complaint: { kind: "no_bytes" } }, "slow"],
  [
    "nothing comes, and no answer either",
    { complaint: { kind: "no_bytes" }, answer: { kind: "late" } },
    "slow",
  ],
  [
    "nothing comes from the media host, and the studio waits for it too",
    { loaded: loaded("direct"), answer: { kind: "late" }, playback: null },
    "slow",
  ],
  [
    "reset in the middle",
    { complaint: error("PipelineStatus::PIPELINE_ERROR_READ: data source error", 2) },
    "passing or stopped",
  ],
  [
    "connection refused",
    { answer: { kind: "silent" }, playback: null, isIntact: null },
    "studio_gone",
  ],
  [
    "nothing comes, and nothing answers",
    { complaint: { kind: "no_bytes" }, answer: { kind: "silent" }, playback: null },
    "studio_gone",
  ],
  [
    "offline, and nothing answers",
    { answer: { kind: "silent" }, isOffline: true, playback: null, isIntact: null },
    "offline",
  ],
  [
    "offline, from the media host, and nothing answers",
    { loaded: loaded("direct"), answer: { kind: "silent" }, isOffline: true, playback: null },
    "offline",
  ],
  [
    "offline, the studio answers and the media host does not",
    {
      loaded: loaded("relay"),
      answer: answered(502, problem("download_failed")),
      isOffline: true,
      isIntact: null,
    },
    "offline",
  ],
  [
    "offline, and the media host has answered all the same",
    {
      loaded: loaded("relay"),
      answer: answered(410, problem("media_gone", { status: 410 })),
      isOffline: true,
      isIntact: null,
    },
    "gone",
  ],
  ["offline, and the file is not what was saved", { isOffline: true, isIntact: false }, "damaged"],
  [
    "empty at the media host",
    {
      loaded: loaded("relay"),
      answer: answered(416, problem("range_unsatisfiable", { size: 0 })),
      isIntact: null,
    },
    "not_media",
  ],
  [
    "the studio ends while it plays",
    {
      complaint: error("PipelineStatus::PIPELINE_ERROR_READ: data source error", 2),
      answer: { kind: "silent" },
    },
    "studio_gone",
  ],
  [
    "from the media host, without the studio",
    { loaded: loaded("direct"), answer: { kind: "silent" }, playback: null },
    "studio_gone",
  ],
  [
    "the studio reaches the host and the browser does not",
    {
      loaded: loaded("direct", { crossorigin: "anonymous" }),
      answer: null,
      playback: playback({ remote: remote({ cors: true }) }),
      isIntact: null,
    },
    "passing or stopped",
  ],
];

test.each(ELEMENTS)("the element: %s", (_name, change, expected) => {
  expect(causeOf(change)).toBe(expected);
});

test.each([
  ["switched off", problem("remote_playback_off"), "no_source"],
  ["never had an address", problem("media_not_here", { state: "unsaved" }), "no_source"],
  ["has left the disk", problem("media_not_here", { state: "missing" }), "file_missing"],
  ["expired", problem("media_gone", { status: 410 }), "gone"],
  ["the host is down", problem("download_failed"), "host_silent"],
  ["the studio did not say", problem("studio_unreachable"), "studio_gone"],
])("no source: %s", (_name, reason, expected) => {
  const seen = { loaded: loaded("none", { reason }), complaint: null, answer: null };
  expect(causeOf(seen)).toBe(expected);
  // Offline nobody answers, and it is not known what they would have said.
  const isSilence = expected === "host_silent" || expected === "studio_gone";
  expect(causeOf({ ...seen, isOffline: true })).toBe(isSilence ? "offline" : expected);
});

test("a policy that was seen to refuse comes before all that it brings about", () => {
  const seen = { refused: { content: true, embedder: false }, answer: { kind: "silent" } as const };
  expect(causeOf(seen)).toBe("content_policy");
});

test("every cause has words, and what cannot be told apart says between what", () => {
  const all = [
    ...POLICIES.map(fromPolicyRow),
    ...OUR_ANSWERS.map(([, status, said]) => evidence({ answer: answered(status, said) })),
    ...ELEMENTS.map(([, change]) => evidence(change)),
  ].map(diagnose);
  const names = new Set(all.map(({ name }) => name));
  expect([...names].sort()).toEqual([...CERTAIN, "unclear"].sort());
  for (const cause of all) {
    const { title, detail } = told(cause, asset("a"));
    expect(title).toMatch(/[.]$/);
    expect(title + detail).not.toMatch(/null|undefined|NaN/);
    if (cause.name === "unclear") {
      expect(cause.either.length).toBe(2);
      expect(detail).toContain(", or ");
    }
  }
});
