/** Asks for what the element cannot say. Each question may fail: then that much is not known. */
import { mediaAddress } from "../api/assets";
import { explain, getPlayback, isSilence } from "../api/playback";
import { askForOneByte } from "../api/request";
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

export async function gather({ asset, loaded, complaint, since }: Case): Promise<Evidence> {
  const address = new URL(loaded.address ?? mediaAddress(asset.id), window.location.href).href;
  const isDirect = loaded.source === "direct";
  // In turn: what the studio hears from the media host while it answers, it knows afterwards.
  const answer = isDirect ? null : await askOurAddress(loaded.address ?? "");
  const { playback, silent } = await askStudio(asset.id, isDirect);
  const isIntact = answer?.kind === "answered" ? await isAsSaved(asset.id, loaded) : null;
  return {
    loaded,
    complaint,
    refused: refusedSince(address, since),
    answer: isDirect && silent ? { kind: "silent" } : answer,
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
    playback,
    isIntact: null,
    videoCodec: asset.video_codec,
  };
}

async function askOurAddress(address: string): Promise<Answer> {
  try {
    return { kind: "answered", ...(await askForOneByte(address)) };
  } catch (error) {
    if (isSilence(error)) return { kind: "silent" };
    throw error;
  }
}

async function askStudio(assetId: string, check: boolean) {
  try {
    return { playback: await getPlayback(assetId, { check }), silent: false };
  } catch (error) {
    return { playback: null, silent: isSilence(error) };
  }
}

/** Reads the file whole. Only of what lies in the library is it known what was saved. */
async function isAsSaved(assetId: string, { source }: Loaded): Promise<boolean | null> {
  if (source !== "local") return null;
  const explanation = await explain(assetId).catch(() => null);
  const codes = explanation?.findings.map(({ code }) => code) ?? [];
  if (codes.includes("file_changed")) return false;
  return codes.includes("file_as_saved") ? true : null;
}
