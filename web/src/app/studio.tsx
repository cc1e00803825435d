import { useEffect } from "react";
import { useAddress } from "../address/use-address";
import { queryOf, useCard, useLibrary } from "../api/library";
import type { ModelList, Project } from "../api/shapes";
import { ActsProvider } from "../cards/acts";
import { Compare } from "../features/compare/compare";
import { PromptForm } from "../features/generate/prompt-form";
import { Library } from "../features/library/library";
import { Viewer } from "../features/viewer/viewer";
import { SelectionProvider } from "../selection/selection";
import { useFilling } from "./use-filling";
import { useNeighbours } from "./use-neighbours";
import { useRail } from "./use-rail";
import { Workspace } from "./workspace";

interface Props {
  title: string;
  /** Whatever is made or brought goes there, also where all projects are shown. */
  project: Project;
  models: ModelList;
}

const NONE: readonly string[] = [];

/** One project: the form, what came of it, and the card that is open. */
export function Studio({ title, project, models }: Props) {
  const projectId = project.id;
  const { address, change } = useAddress();
  useEffect(() => {
    // Each entry of the browser's history says whose it is, so that going back finds it.
    if (address.project === null) change({ project: projectId }, { replace: true });
  }, [address.project, projectId, change]);
  const library = useLibrary(queryOf(address, projectId));
  // The doctor stands over everything; what was open is open again after it.
  const compared = address.doctor === null ? address.compare : NONE;
  const openId = address.doctor === null && compared.length === 0 ? address.card : null;
  const { card, error } = useCard(openId);
  const { neighbours, open } = useNeighbours(openId, library);
  // Where only one project is shown, it goes without saying.
  const into = address.everywhere ? project.name : null;
  const rail = useRail();
  const filling = useFilling(projectId, rail);
  return (
    <SelectionProvider library={library}>
      <ActsProvider>
        <Workspace
          title={title}
          rail={rail}
          form={
            <PromptForm
              projectId={projectId}
              into={into}
              models={models}
              isChoosing={rail.isChoosing}
              onChoosing={rail.setChoosing}
            />
          }
        >
          <Library
            project={project}
            models={models.items}
            library={library}
            onOpen={open}
            onExample={(prompt) => filling.fillHere({ prompt }, "The example is in the form.")}
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
            onFill={(part, title) => {
              filling.fillBelow(part, title);
              change({ card: null });
            }}
            isLeftForForm={filling.isDue}
            onClosed={filling.arrive}
          />
          <Compare
            cardIds={compared}
            models={models.items}
            onClose={() => change({ compare: [] })}
            onChange={(compare) => change({ compare }, { replace: true })}
            onOpen={(id) => change({ compare: [], card: id })}
          />
        </Workspace>
      </ActsProvider>
    </SelectionProvider>
  );
}
