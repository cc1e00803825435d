import { useId } from "react";
import { Icon } from "../components/icon";
import { counted } from "../format/words";
import styles from "./star-rating.module.css";

interface Props {
  rating: number;
  onRate: (rating: number) => void;
  /** Whose rating it is, for those who do not see where it stands. */
  of?: string;
}

const STARS = [1, 2, 3, 4, 5];

/** Five stars. The one that is given already takes them off. */
export function StarRating({ rating, onRate, of }: Props) {
  const name = useId();
  return (
    <fieldset className={styles.stars} data-rating={rating}>
      <legend className="visually-hidden">{of ? `Rating of ${of}` : "Rating"}</legend>
      {STARS.map((star) => (
        <button
          key={`${name}-${star}`}
          type="button"
          className={styles.star}
          aria-label={counted(star, "star")}
          aria-pressed={rating === star}
          data-on={star <= rating}
          onClick={() => onRate(star === rating ? 0 : star)}
        >
          <Icon name="star" isFilled={star <= rating} />
        </button>
      ))}
    </fieldset>
  );
}
