/** Plain examples for tests. */
import type { Asset, Generation, LibraryItem } from "../api/shapes";
import { type Card, cardOfItem } from "./card";

export function generation(id: string, change: Partial<Generation> = {}): Generation {
  return {
    id,
    project_id: "p",
    model: "animatic",
    task: "text-to-video",
    prompt: "A heron lifts off a lake.",
    settings: {},
    image: null,
    end_image: null,
    state: "planned",
    take_number: 1,
    estimate: { low: "0", high: "0", currency: "USD" },
    billed_units: null,
    actual_cost: null,
    queue_position: null,
    progress: null,
    transfer: null,
    problem: null,
    attempts: null,
    steps: [],
    request_id: null,
    asset_id: null,
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-01T10:00:00Z",
    ...change,
  };
}

export function asset(id: string, change: Partial<Asset> = {}, generationId?: string): Asset {
  return {
    id,
    project_id: "p",
    name: "heron.mp4",
    kind: "video",
    take_number: 1,
    origin: generationId
      ? { type: "generated", generation_id: generationId, model: "animatic", prompt: "A heron." }
      : { type: "imported", file_name: "heron.mp4" },
    media: {
      state: "saved",
      path: "media/heron.mp4",
      url: null,
      size: 1000,
      held: null,
      sha256: null,
      expires_at: null,
      error: null,
    },
    duration: 6,
    width: 1280,
    height: 720,
    fps: "25/1",
    frames: 150,
    video_codec: "h264",
    audio_codec: null,
    has_audio: false,
    notes: "",
    shot: null,
    rating: 0,
    flag: null,
    created_at: "2026-11-01T10:00:00Z",
    trashed_at: null,
    ...change,
  };
}

export function item(
  id: string,
  generation: Generation | null,
  asset: Asset | null = null,
): LibraryItem {
  const created_at = "2026-11-01T10:00:00Z";
  return { id, state: "saved", created_at, shot: null, takes: 1, generation, asset };
}

export function card(generation: Generation | null, asset: Asset | null): Card {
  return cardOfItem(item(generation?.id ?? asset?.id ?? "", generation, asset));
}
