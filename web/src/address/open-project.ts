import { HOME } from "./address";
import { type ChangeOptions, changeAddress } from "./use-address";

/** Go to a project as it is: nothing filtered, nothing open. */
export function openProject(project: string, options: ChangeOptions = {}): void {
  changeAddress({ ...HOME, project }, options);
}
