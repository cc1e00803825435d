import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { mediaAddress } from "../api/assets";
import { getPlayback, playbackKey } from "../api/playback";
import type { Asset } from "../api/shapes";
import { report } from "../reports/report";
import { type Cause, diagnose } from "./diagnose";
import type { Complaint, Evidence, Loaded } from "./evidence";
import { gather, withoutSource } from "./gather";
import { useComplaint } from "./use-complaint";
import { useRelease } from "./use-release";
import { useSource } from "./use-source";

export interface Player {
  /** Null while it is asked where the clip comes from. */
  loaded: Loaded | null;
  /** Of the element: another one begins anew. */
  key: string;
  /** For an element that loads pictures: it has no events of a player. */
  onFailure: () => void;
  /** Why it does not play. */
  cause: Cause | null;
  again: () => void;
  /** Whether it is being asked for such a second time where the clip comes from. */
  isAsking: boolean;
  /** Through the studio, instead of from the media host itself. */
  relay: () => void;
  /** The copy that this browser plays. */
  playCopy: (address: string) => void;
}

const OF_NOTHING = "";

/** Where an asset is played from, and why it does not play. */
export function usePlayer(asset: Asset | null, media: HTMLMediaElement | null): Player {
  const client = useQueryClient();
  const id = asset?.id ?? OF_NOTHING;
  const { loaded: told, playback } = useSource(asset);
  /** Another source than the first one: found by itself, or asked for. */
  const [instead, setInstead] = useState<{ id: string; loaded: Loaded } | null>(null);
  const [turn, setTurn] = useState(0);
  const loaded = instead?.id === id ? instead.loaded : told;
  const key = `${id} ${turn} ${loaded?.address ?? ""}`;
  const [found, setFound] = useState<{ key: string; cause: Cause } | null>(null);

  const since = useRef(0);
  const isChosen = instead !== null;
  const now = useRef({ key, asset, loaded, isChosen });
  if (now.current.key !== key || since.current === 0) since.current = performance.now();
  now.current = { key, asset, loaded, isChosen };

  const complain = useCallback(async (complaint: Complaint) => {
    const asked = now.current;
    if (!asked.asset || !asked.loaded?.address) return;
    const evidence = await gather({
      asset: asked.asset,
      loaded: asked.loaded,
      complaint,
      since: since.current,
    });
    const cause = diagnose(evidence);
    // It did not play, also if something else is shown by now.
    report({
      kind: "playback",
      asset_id: asked.asset.id,
      address: new URL(asked.loaded.address, window.location.href).href,
      code: nameOf(cause),
      message: complaint.kind === "error" ? complaint.message : complaint.kind,
    });
    if (now.current.key !== asked.key) return;
    const other = elsewhere(evidence, cause);
    if (other && !asked.isChosen) {
      // It comes from elsewhere now, and is played from there: nobody has to be asked.
      // Only once, so that it cannot go round.
      setInstead({ id: asked.asset.id, loaded: other });
      setTurn((before) => before + 1);
    } else setFound({ key: asked.key, cause });
  }, []);
  const onComplaint = useCallback((one: Complaint) => void complain(one), [complain]);
  const onRecovery = useCallback(
    () => setFound((before) => (before && isOver(before.cause) ? null : before)),
    [],
  );
  useComplaint(media, { hasPicture: asset?.kind === "video", onComplaint, onRecovery });
  useRelease(media);

  // Another clip: what was chosen for the one before does not hold.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the asset changes
  useEffect(() => setInstead(null), [id]);

  // Its bytes are elsewhere, or others: what did not play is loaded anew, what plays goes on.
  const isFailing = useRef(false);
  isFailing.current = found?.key === key;
  const bytes = asset && `${asset.media.state} ${asset.media.path} ${asset.media.sha256}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the bytes change
  useEffect(() => {
    if (isFailing.current) setTurn((before) => before + 1);
  }, [bytes]);

  const [askedFor, setAskedFor] = useState<string | null>(null);
  const again = useCallback(async () => {
    if (!now.current.loaded?.address) {
      // There is nothing to load, and the studio trusts for a while what a media host has said.
      setAskedFor(id);
      await getPlayback(id, { check: true }).catch(() => null);
      setAskedFor(null);
    }
    void client.invalidateQueries({ queryKey: playbackKey(id) });
    setInstead(null);
    setTurn((before) => before + 1);
  }, [client, id]);
  const play = useCallback(
    (source: Loaded["source"], address: string) => {
      setInstead({ id, loaded: ofOurs(source, address) });
      setTurn((before) => before + 1);
    },
    [id],
  );
  const sourceless = useMemo(() => {
    const isNothing = asset !== null && loaded !== null && loaded.address === null;
    return isNothing ? diagnose(withoutSource(asset, loaded, playback)) : null;
  }, [asset, loaded, playback]);
  const nothingBecause = sourceless && nameOf(sourceless);
  useEffect(() => {
    if (nothingBecause) report({ kind: "playback", asset_id: id, code: nothingBecause });
  }, [id, nothingBecause]);
  return {
    loaded,
    key,
    cause: found?.key === key ? found.cause : sourceless,
    again: () => void again(),
    isAsking: askedFor === id,
    onFailure: () => onComplaint({ kind: "error", code: 4, message: "" }),
    relay: () => play("relay", mediaAddress(id)),
    playCopy: useCallback((address: string) => play("local", address), [play]),
  };
}

const ofOurs = (source: Loaded["source"], address: string): Loaded => ({
  source,
  address,
  crossorigin: null,
  reason: null,
});

/** Where the studio now says that it comes from, if that is another place. */
function elsewhere({ playback, loaded }: Evidence, { name }: Cause): Loaded | null {
  const copy = playback?.proxy.address;
  if (copy && CODECS.includes(name) && copy !== loaded.address) return ofOurs("local", copy);
  if (!playback?.address) return null;
  const { source, address, crossorigin, reason } = playback;
  // Beside the copy of a clip its own file is no other place to go to.
  const isSame = source === loaded.source && crossorigin === loaded.crossorigin;
  return isSame ? null : { source, address, crossorigin, reason };
}

/** What a copy helps with. */
const CODECS = ["codec", "codec_of_picture"];

/** What goes by as soon as bytes come. */
const PASSING = ["slow", "studio_gone", "offline"];
const isOver = ({ name }: Cause): boolean => PASSING.includes(name);

const nameOf = (cause: Cause): string =>
  cause.name === "unclear" ? cause.either.join(" or ") : cause.name;
