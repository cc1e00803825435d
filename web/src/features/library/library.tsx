import { useEffect, useMemo } from "react";
import { type Address, isFiltered, writeFilters } from "../../address/address";
import { useAddress } from "../../address/use-address";
import type { Library as Listed } from "../../api/library";
import { problemOf } from "../../api/request";
import type { Model, Project } from "../../api/shapes";
import { useActs } from "../../cards/acts";
import { comparable } from "../../cards/possible";
import { shownTakeOf } from "../../cards/take";
import { FileButton } from "../../components/file-button";
import { ProblemNote } from "../../components/problem-note";
import { useToast } from "../../components/toasts";
import { shortened } from "../../format/words";
import { useReviewKeys } from "../../review/use-review-keys";
import { useSelection } from "../../selection/selection";
import { useShortcuts } from "../../shortcuts/use-shortcuts";
import { Banners } from "./banners";
import { DropZone } from "./drop-zone";
import { Empty } from "./empty";
import { FiltersShown } from "./filters-shown";
import { FindBar } from "./find-bar";
import { Grid } from "./grid";
import { HiddenNote } from "./hidden-note";
import { ImportsPanel } from "./imports-panel";
import styles from "./library.module.css";
import { SelectionBar } from "./selection-bar";
import { TrashBar } from "./trash-bar";
import { useChoosing } from "./use-choosing";
import { useAnnouncedEnds } from "./use-ends";
import { useImports } from "./use-imports";
import { useScrollMemory } from "./use-scroll-memory";

interface Props {
  /** What is brought goes there, also where all projects are shown. */
  project: Project;
  models: readonly Model[];
  library: Listed;
  onOpen: (index: number, cardId: string) => void;
  onExample: (prompt: string) => void;
}

/** Everything that was asked for or brought here, and how to find something in it. */
export function Library({ project, models, library, onOpen, onExample }: Props) {
  const { address } = useAddress();
  const { trashed, everywhere } = address;
  const { id: projectId, name } = project;
  const { total, hidden, error } = library;
  const { imports, bring, clear } = useImports(projectId);
  const titles = useMemo(() => new Map(models.map((model) => [model.id, model.title])), [models]);
  const titleOf = (id: string) => titles.get(id) ?? id;
  const listed = everywhere ? null : projectId;
  // There is nothing yet that could be found or hidden.
  const isNew = total === 0 && !trashed && !isFiltered(address) && hidden?.trash === 0;
  const importing = (
    <FileButton
      label={everywhere ? `Import into ${shortened(name, 30)}` : "Import files"}
      accept="video/*,image/*,audio/*"
      isDisabled={false}
      isMultiple
      onFiles={(files) => void bring(files)}
    />
  );
  useAnnouncedEnds();
  useScrollMemory(total !== null && !library.isChanging);
  useLibraryKeys(library, onOpen);
  return (
    <section className={styles.library} aria-label={trashed ? "Trash" : "Library"}>
      {trashed && <TrashBar isEmpty={total === 0} />}
      {!isNew && (
        <div className={styles.find} data-coming={total === null}>
          <FindBar projectId={listed} titleOf={titleOf} />
          <FiltersShown titleOf={titleOf} />
          <div className={styles.line}>
            {total !== null && hidden ? (
              <HiddenNote total={total} hidden={hidden} />
            ) : (
              <p className={styles.loading}>{error ? "" : "Loading…"}</p>
            )}
            {!trashed && importing}
          </div>
        </div>
      )}
      {!trashed && <Banners projectId={listed} />}
      {error && <ProblemNote problem={problemOf(error)} />}
      {total === 0 && (
        <Empty titleOf={titleOf} onExample={onExample} importing={isNew ? importing : null} />
      )}
      {total !== null && total > 0 && (
        <Grid library={library} total={total} titles={titles} onOpen={onOpen} />
      )}
      <div className={styles.floating}>
        <SelectionBar />
        <ImportsPanel imports={imports} onClear={clear} />
      </div>
      <DropZone title={name} onFiles={(files) => void bring(files)} />
    </section>
  );
}

function useLibraryKeys(library: Listed, onOpen: Props["onOpen"]): void {
  const selection = useSelection();
  const { trash } = useActs();
  const { toast } = useToast();
  const { address, change } = useAddress();
  const choosing = useChoosing(library, selection);
  const { clear, cards, focused } = selection;
  const chosen = cards.length > 0 ? cards : focused ? [focused] : [];
  const sayNothing = () => toast({ title: "There is no clip to judge yet.", level: "info" });
  useReviewKeys(
    chosen.flatMap(({ asset }) => asset ?? []),
    chosen[0] ? { onNothing: sayNothing, of: shownTakeOf(chosen[0]) } : {},
  );
  const place = focused && library.indexOf(focused.id);
  const compare = () => {
    const { ids, refusal } = comparable(cards);
    if (refusal) toast({ title: refusal, level: "info" });
    else change({ compare: ids });
  };
  useShortcuts({
    "library.selectAll": () => void choosing.all(library.total ?? 0),
    "library.trash": () => {
      if (address.trashed || chosen.length === 0) return;
      trash(chosen, true);
      if (chosen.some(({ asset }) => asset !== null)) clear();
    },
    ...(place !== null ? { "view.open": () => onOpen(place, focused?.id ?? "") } : {}),
    ...(cards.length > 0 ? { "view.close": clear } : {}),
    ...(cards.length > 1 && !address.trashed ? { "review.compare": compare } : {}),
  });
  const listed = listedBy(address);
  // Nothing stays selected that may not be listed any more: it would be trashed unseen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list, and nothing is selected
  useEffect(() => clear(), [listed, clear]);
}

/** What decides which cards are listed; their order does not. */
function listedBy(address: Address): string {
  const { project, everywhere, trashed, grouped } = address;
  const filters = new URLSearchParams();
  writeFilters(filters, address);
  return [project, everywhere, trashed, grouped, filters].join();
}
