import type { Asset } from "../../api/shapes";
import { Icon } from "../../components/icon";
import { counted } from "../../format/words";
import styles from "./marks.module.css";

/** A clip's rating and flag, in the line below it. */
export function Marks({ rating, flag }: Pick<Asset, "rating" | "flag">) {
  if (rating === 0 && flag === null) return null;
  return (
    <span className={styles.marks}>
      {flag && (
        <span className={styles.flag} data-flag={flag}>
          <Icon name={flag === "pick" ? "flag" : "close"} isFilled={flag === "pick"} />
          <span className="visually-hidden">{flag === "pick" ? "Picked." : "Rejected."}</span>
        </span>
      )}
      {rating > 0 && (
        <span className={styles.stars}>
          <Icon name="star" isFilled />
          <span aria-hidden="true">{rating}</span>
          <span className="visually-hidden">{counted(rating, "star")}.</span>
        </span>
      )}
    </span>
  );
}
