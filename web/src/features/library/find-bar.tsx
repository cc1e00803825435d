import { KINDS, SORTS, type SortName, STATES } from "../../address/address";
import { useAddress } from "../../address/use-address";
import { useFacets } from "../../api/library";
import { Chip } from "../../components/chip";
import { Picker } from "../../components/picker";
import { DetailFilter } from "./detail-filter";
import { FilterMenu } from "./filter-menu";
import styles from "./find-bar.module.css";
import { KIND_WORDS, SORT_WORDS, STATE_WORDS } from "./names";
import { RatingFilter } from "./rating-filter";
import { toggled } from "./toggled";

interface Props {
  /** Null for all projects. */
  projectId: string | null;
  titleOf: (model: string) => string;
}

/** What narrows the library down, and in which order it stands. All of it is in the address. */
export function FindBar({ projectId, titleOf }: Props) {
  const { address, change } = useAddress();
  const facets = useFacets(projectId).data;
  const states = new Map(facets?.states.map(({ name, count }) => [name, count]));
  const models = facets?.models ?? [];
  const { state, model, kind } = address;
  return (
    <section className={styles.bar} aria-label="Filters and order">
      <FilterMenu title="State" count={state.length}>
        {STATES.filter((name) => states.has(name) || state.includes(name)).map((name) => (
          <Chip
            key={name}
            isPressed={state.includes(name)}
            onChange={() => change({ state: toggled(state, name) })}
          >
            {STATE_WORDS[name]}
            <span className={styles.count}>{(states.get(name) ?? 0).toLocaleString()}</span>
          </Chip>
        ))}
        {states.size === 0 && state.length === 0 && <p>There is nothing to choose from yet.</p>}
      </FilterMenu>
      <FilterMenu title="Model" count={model.length}>
        {models.map(({ id, count }) => (
          <Chip
            key={id}
            isPressed={model.includes(id)}
            onChange={() => change({ model: toggled(model, id) })}
          >
            {titleOf(id)}
            <span className={styles.count}>{count.toLocaleString()}</span>
          </Chip>
        ))}
        {models.length === 0 && <p>There is nothing to choose from yet.</p>}
      </FilterMenu>
      <RatingFilter />
      <FilterMenu title="Type" count={kind.length}>
        {KINDS.map((name) => (
          <Chip
            key={name}
            isPressed={kind.includes(name)}
            onChange={() => change({ kind: toggled(kind, name) })}
          >
            {KIND_WORDS[name]}
          </Chip>
        ))}
      </FilterMenu>
      <DetailFilter />
      <div className={styles.order}>
        <Chip
          isPressed={address.grouped}
          icon="takes"
          onChange={(grouped) => change({ grouped, ...(grouped ? { shot: null } : {}) })}
        >
          Group by shot
        </Chip>
        <div className={styles.sort}>
          <Picker
            label="Order"
            isLabelHidden
            value={address.sort}
            options={SORTS.map((name) => ({ value: name, title: SORT_WORDS[name] }))}
            onChange={(sort) => change({ sort: sort as SortName })}
          />
        </div>
      </div>
    </section>
  );
}
