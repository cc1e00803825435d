import { NO_FILTERS } from "../../address/address";
import { useAddress } from "../../address/use-address";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import styles from "./filters-shown.module.css";
import { filtersOn } from "./names";

/** Each filter that is on, as something that can be taken away. */
export function FiltersShown({ titleOf }: { titleOf: (model: string) => string }) {
  const { address, change } = useAddress();
  const on = filtersOn(address, titleOf);
  if (on.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Filters that are on">
      {on.map(({ key, label, without }) => (
        <li key={key}>
          <button type="button" className={styles.chip} onClick={() => change(without)}>
            <span className="visually-hidden">Remove filter: </span>
            <bdi>{label}</bdi>
            <Icon name="close" />
          </button>
        </li>
      ))}
      {on.length > 1 && (
        <li>
          <Button look="quiet" onClick={() => change(NO_FILTERS)}>
            Clear all
          </Button>
        </li>
      )}
    </ul>
  );
}
