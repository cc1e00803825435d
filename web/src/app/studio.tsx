import { useAddress } from "../address/use-address";
import { queryOf, useCard, useLibrary } from "../api/library";
import type { ModelList } from "../api/shapes";
import { ActsProvider } from "../cards/acts";
import { useNeighbours } from "../cards/neighbours";
import { Compare } from "../features/compare/compare";
import { PromptForm } from "../features/generate/prompt-form";
import { Library } from "../features/library/library";
import { Viewer } from "../features/viewer/viewer";
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
  const isComparing = address.compare.length > 0;
  const openId = isComparing ? null : address.card;
  const { card, error } = useCard(openId);
  const neighbours = useNeighbours(library, openId);
  return (
    <SelectionProvider>
      <ActsProvider>
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
          <Viewer
            cardId={openId}
            card={card}
            error={error}
            models={models.items}
            neighbours={neighbours}
            onClose={() => change({ card: null })}
            onOpen={(id) => change({ card: id }, { replace: true })}
            onCompare={(compare) => change({ compare })}
            onFill={() => undefined}
          />
          <Compare
            cardIds={address.compare}
            models={models.items}
            onClose={() => change({ compare: [] })}
            onChange={(compare) => change({ compare }, { replace: true })}
            onOpen={(id) => change({ compare: [], card: id })}
          />
        </div>
      </ActsProvider>
    </SelectionProvider>
  );
}
