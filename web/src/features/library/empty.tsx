import type { ReactNode } from "react";
import { isFiltered, NO_FILTERS } from "../../address/address";
import { useAddress } from "../../address/use-address";
import { Button } from "../../components/button";
import styles from "./empty.module.css";
import { filtersOn } from "./names";

const EXAMPLE = "A heron lifts off a misty lake at dawn, slow wings, soft golden light";

interface Props {
  titleOf: (model: string) => string;
  onExample: (prompt: string) => void;
  /** The way to bring files, where it stands nowhere else. */
  importing: ReactNode;
}

/** Where there is nothing: why, and what to do. */
export function Empty({ titleOf, onExample, importing }: Props) {
  const { address, change } = useAddress();
  if (isFiltered(address)) {
    const on = filtersOn(address, titleOf).map(({ label }) => label);
    return (
      <div className={styles.empty}>
        <h2>Nothing fits</h2>
        <p>
          No item fits <bdi>{on.join(" · ")}</bdi>.
        </p>
        <Button onClick={() => change(NO_FILTERS)}>Clear the filters</Button>
      </div>
    );
  }
  if (address.trashed) {
    return (
      <div className={styles.empty}>
        <h2>The trash is empty</h2>
        <Button onClick={() => change({ trashed: false })}>Back to the library</Button>
      </div>
    );
  }
  return (
    <div className={styles.empty}>
      <h2>Nothing here yet</h2>
      <p>What you ask for appears here at once and fills in as it comes.</p>
      <p className={styles.example}>“{EXAMPLE}”</p>
      <div className={styles.ways}>
        <Button onClick={() => onExample(EXAMPLE)}>Try an example prompt</Button>
        {importing}
      </div>
    </div>
  );
}
