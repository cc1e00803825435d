import { isFiltered, NO_FILTERS } from "../../address/address";
import { useAddress } from "../../address/use-address";
import type { LibraryPage } from "../../api/shapes";
import { counted } from "../../format/words";
import styles from "./hidden-note.module.css";

interface Props {
  total: number;
  hidden: LibraryPage["hidden"];
}

/** How many are shown, and everything that is not, with a way to it. */
export function HiddenNote({ total, hidden }: Props) {
  const { address, change } = useAddress();
  const noun = address.grouped ? "shot" : "item";
  const isSearching = isFiltered(address) || total === 0;
  const elsewhere = isSearching && !address.trashed ? hidden.other_projects : [];
  return (
    <div className={styles.note}>
      <p role="status">{counted(total, noun)}</p>
      {hidden.filters > 0 && (
        <Way
          said={`${hidden.filters.toLocaleString()} hidden by filters.`}
          act="Clear"
          label="Clear the filters"
          onAct={() => change(NO_FILTERS)}
        />
      )}
      {elsewhere.slice(0, 3).map(({ project_id, name, count }) => (
        <Way
          key={project_id}
          said={
            <>
              {count.toLocaleString()} in project <bdi>{name}</bdi>.
            </>
          }
          act="Open"
          label={`Open project ${name}`}
          onAct={() => change({ project: project_id, everywhere: false, card: null })}
        />
      ))}
      {elsewhere.length > 3 && (
        <Way
          said={`More in ${elsewhere.length - 3} other projects.`}
          act="Show all"
          label="Show all projects"
          onAct={() => change({ everywhere: true, card: null })}
        />
      )}
      {hidden.trash > 0 && !address.trashed && (
        <Way
          said={`${hidden.trash.toLocaleString()} in the trash.`}
          act="Show"
          label="Show the trash"
          onAct={() => change({ ...NO_FILTERS, trashed: true, card: null })}
        />
      )}
      {hidden.unsaved > 0 && (
        <p>
          {counted(hidden.unsaved, "clip")} left out that could not be saved, as{" "}
          <code>RUSHES_KEEP_UNSAVED</code> asks.
        </p>
      )}
    </div>
  );
}

interface WayProps {
  said: React.ReactNode;
  act: string;
  label: string;
  onAct: () => void;
}

function Way({ said, act, label, onAct }: WayProps) {
  return (
    <p>
      {said}{" "}
      <button type="button" className={styles.act} aria-label={label} onClick={onAct}>
        {act}
      </button>
    </p>
  );
}
