/** What a person can do about a card, and where its state asks for it. */
import type { IconName } from "../components/icon";
import type { Card } from "./card";
import { canCancel, mayBeKnown, stageOf } from "./stage";

export type ActionName =
  | "retry"
  | "look"
  | "ask"
  | "download"
  | "relink"
  | "settle"
  | "find"
  | "cancel"
  | "takes"
  | "why"
  | "trash"
  | "restore";

interface Words {
  label: string;
  icon: IconName;
}

export const ACTIONS: Record<ActionName, Words> = {
  retry: { label: "Retry", icon: "again" },
  look: { label: "Look again", icon: "search" },
  ask: { label: "Ask again", icon: "again" },
  download: { label: "Download", icon: "download" },
  relink: { label: "Relink", icon: "link" },
  settle: { label: "Settle", icon: "help" },
  find: { label: "Look again", icon: "search" },
  cancel: { label: "Cancel", icon: "stop" },
  takes: { label: "Show the takes of this shot", icon: "takes" },
  why: { label: "Why?", icon: "help" },
  trash: { label: "Move to the trash", icon: "trash" },
  restore: { label: "Restore", icon: "undo" },
};

/** The doctor says why it cannot be seen or played. */
const TROUBLED = ["attention", "failed"];

/** The first one is what the state asks for, where it asks for anything. */
export function actionsOf(card: Card): { urgent: ActionName[]; others: ActionName[] } {
  const { asset, generation } = card;
  if (asset?.trashed_at) return { urgent: ["restore"], others: [] };
  const others: ActionName[] = [];
  if (card.shot !== null) others.push("takes");
  if (TROUBLED.includes(stageOf(card).tone)) others.push("why");
  if (asset) others.push("trash");
  return { urgent: urgentOf(asset, generation), others };
}

function urgentOf(asset: Card["asset"], generation: Card["generation"]): ActionName[] {
  if (generation?.state === "unconfirmed") return ["settle"];
  if (generation && mayBeKnown(generation)) return ["find"];
  if (generation && canCancel(generation)) return ["cancel"];
  switch (asset?.media.state) {
    case "unsaved":
      return ["retry"];
    case "url_only":
      return generation?.state === "saving" && !asset.media.error ? [] : ["download"];
    case "expired":
      return ["relink", "ask"];
    case "missing":
      return asset.media.url ? ["relink", "look", "download"] : ["relink", "look"];
    default:
      return [];
  }
}
