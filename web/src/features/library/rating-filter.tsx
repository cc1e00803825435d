import { FLAGS } from "../../address/address";
import { useAddress } from "../../address/use-address";
import { Chip } from "../../components/chip";
import { FilterMenu } from "./filter-menu";
import { FLAG_WORDS, ratingWords } from "./names";
import { toggled } from "./toggled";

const STARS = [1, 2, 3, 4, 5];

export function RatingFilter() {
  const { address, change } = useAddress();
  const { rating, flag } = address;
  return (
    <FilterMenu title="Rating" count={flag.length + (rating === null ? 0 : 1)}>
      {STARS.map((stars) => (
        <Chip
          key={stars}
          isPressed={rating === stars}
          onChange={(isOn) => change({ rating: isOn ? stars : null })}
        >
          {ratingWords(stars)}
        </Chip>
      ))}
      {FLAGS.map((name) => (
        <Chip
          key={name}
          isPressed={flag.includes(name)}
          onChange={() => change({ flag: toggled(flag, name) })}
        >
          {FLAG_WORDS[name]}
        </Chip>
      ))}
    </FilterMenu>
  );
}
