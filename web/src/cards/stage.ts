/** How far a card is, in words. Only what has been observed: there is no made-up percentage. */
import type { Asset, Generation, Media } from "../api/shapes";
import type { IconName } from "../components/icon";
import { dateAndTime } from "../format/times";
import { bytesOf, percent } from "../format/units";
import type { Card } from "./card";

export interface Stage {
  label: string;
  icon: IconName;
  detail: string;
  remedy: string;
  tone: "waiting" | "ready" | "attention" | "failed" | "ended";
  /** 0 asked, 1 in the queue, 2 running, 3 coming here; null when nothing is under way. */
  phase: 0 | 1 | 2 | 3 | null;
  /** How much of the phase is done, 0 to 1, where it is known. */
  fraction: number | null;
  /** When what the detail tells of was observed, and how often it has been tried by then. */
  at: string | null;
  attempts: number | null;
}

/** "Tried 3 times, last on 1 Nov 2026, 11:00." */
export function observed({ at, attempts }: Stage): string {
  if (at === null) return "";
  const when = dateAndTime(at);
  return attempts !== null && attempts > 1 ? `Tried ${attempts} times, last ${when}.` : `${when}.`;
}

export function stageOf(card: Card): Stage {
  if (card.generation) return generationStage(card.generation, card.asset);
  return card.asset ? mediaStage(card.asset) : still("Gone", "ended", "missing");
}

export function isUnderWay(card: Card): boolean {
  return stageOf(card).tone === "waiting";
}

/** Before it is delivered, and while no answer is outstanding, it can be called off. */
export function canCancel({ state }: Generation): boolean {
  return ["planned", "submitted", "queued", "running"].includes(state);
}

/** The provider did not know a request that it had taken: it can be asked once more. */
export function mayBeKnown({ state, problem, request_id }: Generation): boolean {
  return state === "failed" && request_id !== null && problem?.code === "provider_result_gone";
}

function generationStage(generation: Generation, asset: Asset | null): Stage {
  const { problem } = generation;
  switch (generation.state) {
    case "planned":
      if (problem) return { ...waiting("Waiting to be sent", 0), ...told(generation) };
      return waiting("Planned", 0);
    case "submitting":
      return waiting("Asking", 0);
    case "submitted":
      return waiting("Sent", 0);
    case "queued":
      return waiting("In the queue", 1, ahead(generation.queue_position));
    case "running":
      return running(generation.progress);
    case "delivered":
    case "saving":
      return coming(generation, asset);
    case "done":
      if (asset) return mediaStage(asset);
      return {
        ...still("Done", "ended", "check"),
        detail: "Its clip is not among those listed here.",
      };
    case "unconfirmed":
      return { ...still("Unconfirmed", "attention", "help"), ...told(generation) };
    case "failed":
      return { ...still("Failed", "failed", "error"), ...told(generation) };
    case "cancelled":
      return { ...still("Cancelled", "ended", "stop"), ...told(generation) };
  }
}

function running(progress: number | null): Stage {
  if (progress === null) return waiting("Running", 2);
  return waiting("Running", 2, percent(progress), progress);
}

function coming({ transfer, state, steps }: Generation, asset: Asset | null): Stage {
  if (asset && asset.media.state !== "saved" && asset.media.error) return mediaStage(asset);
  if (steps.at(-1)?.name === "downloaded") return waiting("Checking", 3);
  if (transfer) {
    const { received, total } = transfer;
    return waiting("Downloading", 3, bytesOf(received, total), total ? received / total : null);
  }
  return waiting(state === "delivered" ? "Delivered" : "Saving", 3);
}

interface MediaWords extends Pick<Stage, "label" | "tone" | "icon" | "detail"> {}

const MEDIA: Record<Media["state"], MediaWords> = {
  saved: { label: "Saved", tone: "ready", icon: "check", detail: "" },
  unsaved: {
    label: "Unsaved",
    tone: "attention",
    icon: "unsaved",
    detail: "It could not be saved here yet.",
  },
  url_only: {
    label: "URL only",
    tone: "attention",
    icon: "link",
    detail: "It is at the provider and not here yet.",
  },
  expired: {
    label: "Expired",
    tone: "failed",
    icon: "expired",
    detail: "The provider no longer has it, and it was never here.",
  },
  missing: {
    label: "Missing",
    tone: "failed",
    icon: "missing",
    detail: "The file was saved and is not there any more.",
  },
};

function mediaStage({ media: { state, error } }: Asset): Stage {
  const { label, tone, icon, detail } = MEDIA[state];
  return {
    ...still(label, tone, icon),
    detail: error?.message ?? detail,
    remedy: error?.remedy ?? "",
    at: error?.at ?? null,
    attempts: error?.attempts ?? null,
  };
}

function ahead(position: number | null): string {
  if (position === null) return "";
  return position === 0 ? "next" : `${position} ahead`;
}

function told({
  problem,
  attempts,
  updated_at,
}: Generation): Pick<Stage, "detail" | "remedy" | "at" | "attempts"> {
  return {
    detail: [problem?.title, problem?.detail].filter(Boolean).join(" "),
    remedy: problem?.remedy ?? "",
    at: problem ? updated_at : null,
    attempts,
  };
}

function waiting(
  label: string,
  phase: NonNullable<Stage["phase"]>,
  detail = "",
  fraction: number | null = null,
): Stage {
  return { ...still(label, "waiting", "clock"), detail, phase, fraction };
}

function still(label: string, tone: Stage["tone"], icon: IconName): Stage {
  const nothing = { detail: "", remedy: "", phase: null, fraction: null, at: null, attempts: null };
  return { label, tone, icon, ...nothing };
}
