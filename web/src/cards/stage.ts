/** How far a card is, in words. Only what has been observed: there is no made-up percentage. */
import type { Asset, Generation, Media } from "../api/shapes";
import { bytesOf, percent } from "../format/units";
import type { Card } from "./card";

export interface Stage {
  label: string;
  detail: string;
  remedy: string;
  tone: "waiting" | "ready" | "attention" | "failed" | "ended";
  /** 0 asked, 1 in the queue, 2 running, 3 coming here; null when nothing is under way. */
  phase: 0 | 1 | 2 | 3 | null;
  /** How much of the phase is done, 0 to 1, where it is known. */
  fraction: number | null;
}

export function stageOf(card: Card): Stage {
  if (card.generation) return generationStage(card.generation, card.asset);
  return card.asset ? mediaStage(card.asset) : still("Gone", "ended");
}

export function isUnderWay(card: Card): boolean {
  return stageOf(card).tone === "waiting";
}

/** Before it is delivered, and while no answer is outstanding, it can be called off. */
export function canCancel({ state }: Generation): boolean {
  return ["planned", "submitted", "queued", "running"].includes(state);
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
      return { ...still("Done", "ended"), detail: "Its clip is not among those listed here." };
    case "unconfirmed":
      return { ...still("Unconfirmed", "attention"), ...told(generation) };
    case "failed":
      return { ...still("Failed", "failed"), ...told(generation) };
    case "cancelled":
      return { ...still("Cancelled", "ended"), ...told(generation) };
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

const MEDIA: Record<Media["state"], [label: string, tone: Stage["tone"], detail: string]> = {
  saved: ["Saved", "ready", ""],
  unsaved: ["Unsaved", "attention", "It could not be saved here yet."],
  url_only: ["URL only", "attention", "It is at the provider and not here yet."],
  expired: ["Expired", "failed", "The provider no longer has it, and it was never here."],
  missing: ["Missing", "failed", "The file was saved and is not there any more."],
};

function mediaStage({ media }: Asset): Stage {
  const [label, tone, detail] = MEDIA[media.state];
  return {
    ...still(label, tone),
    detail: media.error?.message ?? detail,
    remedy: media.error?.remedy ?? "",
  };
}

function ahead(position: number | null): string {
  if (position === null) return "";
  return position === 0 ? "next" : `${position} ahead`;
}

function told({ problem, attempts }: Generation): Pick<Stage, "detail" | "remedy"> {
  const tried = attempts !== null && attempts > 1 ? `Tried ${attempts} times.` : null;
  const detail = [problem?.title, problem?.detail, tried].filter(Boolean).join(" ");
  return { detail, remedy: problem?.remedy ?? "" };
}

function waiting(
  label: string,
  phase: NonNullable<Stage["phase"]>,
  detail = "",
  fraction: number | null = null,
): Stage {
  return { label, detail, remedy: "", tone: "waiting", phase, fraction };
}

function still(label: string, tone: Stage["tone"]): Stage {
  return { label, detail: "", remedy: "", tone, phase: null, fraction: null };
}
