import { useState } from "react";
import type { ModelList } from "../api/shapes";
import { useCards } from "../cards/use-cards";
import { PromptForm } from "../features/generate/prompt-form";
import { Library } from "../features/library/library";
import { Player } from "../features/player/player";
import styles from "./studio.module.css";

interface Props {
  projectId: string;
  models: ModelList;
}

/** One project: the form, what came of it, and the card that is open. */
export function Studio({ projectId, models }: Props) {
  const list = useCards(projectId);
  const [openId, setOpenId] = useState<string | null>(null);
  const openCard = list.cards.find(({ id }) => id === openId) ?? null;
  return (
    <div className={styles.studio}>
      <aside className={styles.form} aria-label="New take">
        <PromptForm projectId={projectId} models={models} />
      </aside>
      <Library projectId={projectId} models={models.items} onOpen={setOpenId} {...list} />
      <Player card={openCard} models={models.items} onClose={() => setOpenId(null)} />
    </div>
  );
}
