import { useState } from "react";
import type { ModelList } from "../api/shapes";
import { useCards } from "../cards/use-cards";
import { PromptForm } from "../features/generate/prompt-form";
import { Library } from "../features/library/library";
import { Player } from "../features/player/player";
import { Workspace } from "./workspace";

interface Props {
  title: string;
  projectId: string;
  models: ModelList;
}

/** One project: the form, what came of it, and the card that is open. */
export function Studio({ title, projectId, models }: Props) {
  const list = useCards(projectId);
  const [openId, setOpenId] = useState<string | null>(null);
  const openCard = list.cards.find(({ id }) => id === openId) ?? null;
  return (
    <Workspace title={title} form={<PromptForm projectId={projectId} models={models} />}>
      <Library projectId={projectId} models={models.items} onOpen={setOpenId} {...list} />
      <Player card={openCard} models={models.items} onClose={() => setOpenId(null)} />
    </Workspace>
  );
}
