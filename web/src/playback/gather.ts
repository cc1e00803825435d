/** Asks for what the element cannot say. Each question may fail: then that much is not known. */
import { mediaAddress } from "../api/assets";
import { explain, getPlayback, isSilence } from "../api/playback";
import { askForOneByte, isTimeout } from "../api/request";
import type { Asset, Playback } from "../api/shapes";
import { refusedSince } from "../reports/sightings";
import type { Answer, Complaint, Evidence, Loaded } from "./evidence";

interface Case {
  asset: Asset;
  loaded: Loaded;
  complaint: Complaint;
  /** When it began to load. */
  since: number;
}

/** A media host may be waited for much longer, and until then nothing could be said. */
const PATIENCE_MS = 5_000;

export async function gather({ asset, loaded, complaint, since }: Case): Promise<Evidence> {
  const address = new URL(loaded.address ?? mediaAddress(asset.id), window.location.href).href;
  const isDirect = loaded.source === "direct";
  // In turn: what the studio hears from the media host while it answers, it knows afterwards.
  const answer = isDirect ? null : await askOurAddress(loaded.address ?? "");
  const { playback, failure } = await askStudio(asset.id, isDirect);
  const isIntact = answer?.kind === "answered" ? await isAsSaved(asset.id, loaded) : null;
  return {
    loaded,
    complaint,
    refused: refusedSince(address, since),
    answer: isDirect ? failure : answer,
    isOffline: isOffline(),
    playback,
    isIntact,
    videoCodec: asset.video_codec,
  };
}

/** Where the studio names no source, there is no more to ask. */
export function withoutSource(asset: Asset, loaded: Loaded, playback: Playback | null): Evidence {
  return {
    loaded,
    complaint: null,
    refused: { content: false, embedder: false },
    answer: null,
    isOffline: isOffline(),
    playback,
    isIntact: null,
    videoCodec: asset.video_codec,
  };
}

const isOffline = (): boolean => navigator.onLine === false;

async function askOurAddress(address: string): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return { kind: "answered", ...(await askForOneByte(address, signal)) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    return failure;
  }
}

async function askStudio(assetId: string, check: boolean) {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return { playback: await getPlayback(assetId, { check, signal }), failure: null };
  } catch (error) {
    return { playback: null, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Answer | null {
  if (isSilence(error)) return { kind: "silent" };
  return isTimeout(error) ? { kind: "late" } : null;
}

/** Reads the file whole. Only of what lies in the library is it known what was saved. */
async function isAsSaved(assetId: string, { source }: Loaded): Promise<boolean | null> {
  if (source !== "local") return null;
  const explanation = await explain(assetId).catch(() => null);
  const codes = explanation?.findings.map(({ code }) => code) ?? [];
  if (codes.includes("file_changed")) return false;
  return codes.includes("file_as_saved") ? true : null;
}
