import { useMutation } from "@tanstack/react-query";
import { useSubmitOrder } from "../../api/generations";
import { askQuote } from "../../api/quotes";
import { ProblemError } from "../../api/request";
import type { Order } from "../../api/shapes";
import { useAnnounce } from "../../components/announcer";

/** Orders what is on the form now. It is checked once more first, so a refusal costs nothing. */
export function useGenerate(projectId: string) {
  const submit = useSubmitOrder(projectId);
  const announce = useAnnounce();
  return useMutation({
    mutationFn: async (order: Order) => {
      const { items } = await askQuote(order);
      const refused = items.find((item) => item.problem !== null)?.problem;
      if (refused) throw new ProblemError(refused, null);
      await submit.mutateAsync(order);
    },
    onSuccess: () => announce("Asked for."),
  });
}
