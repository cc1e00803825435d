import { useAddress } from "../address/use-address";
import { queryOf, useCard, useLibrary } from "../api/library";
import type { ModelList } from "../api/shapes";
import { PromptForm } from "../features/generate/prompt-form";
import { Library } from "../features/library/library";
import { Player } from "../features/player/player";
import { SelectionProvider } from "../selection/selection";
import styles from "./studio.module.css";

interface Props {
  projectId: string;
  models: ModelList;
}

/** One project: the form, what came of it, and the card that is open. */
export function Studio({ projectId, models }: Props) {
  const { address, change } = useAddress();
  const library = useLibrary(queryOf(address, projectId));
  const { card } = useCard(address.card);
  return (
    <SelectionProvider>
      <div className={styles.studio}>
        <aside className={styles.form} aria-label="New take">
          <PromptForm projectId={projectId} models={models} />
        </aside>
        <Library
          projectId={projectId}
          models={models.items}
          library={library}
          onOpen={(id) => change({ card: id })}
        />
        <Player card={card} models={models.items} onClose={() => change({ card: null })} />
      </div>
    </SelectionProvider>
  );
}
