/** The questions about one clip that one has, answered from what the studio says. */
import type { Explanation, Playback, Problem } from "../../api/shapes";

export interface Fact {
  question: string;
  answer: string;
  reason: Problem | null;
}

const FROM: Record<Playback["source"], (host: string) => string> = {
  local: () => "From its file in the library.",
  spool: () => "From the spool, where it waits to be saved.",
  relay: (host) => `Through the studio, from ${host}.`,
  direct: (host) => `From ${host} itself.`,
  none: () => "From nowhere.",
};

export function answers(explanation: Explanation, playback: Playback | null): Fact[] {
  const { project, listed, here, asset } = explanation;
  const facts: Fact[] = [
    {
      question: "Where does it belong?",
      answer: `To the project “${project.name}”.`,
      reason: null,
    },
    {
      question: "Is it listed?",
      answer: listed
        ? "Yes, unless a search or a filter leaves it out."
        : "No, for the reason below.",
      reason: null,
    },
  ];
  if (asset === null) return facts;
  facts.push({
    question: "Are its bytes here?",
    answer: here ? "Yes." : "No, not as they were saved.",
    reason: null,
  });
  if (playback === null) return facts;
  const { source, remote, reason } = playback;
  const host = remote?.host ?? "its media host";
  facts.push({ question: "From where is it played?", answer: FROM[source](host), reason });
  if (remote !== null) facts.push(aboutHost(remote));
  facts.push({
    question: "Can a browser decode it?",
    answer: decodable(playback.playable_in_browser),
    reason: null,
  });
  return facts;
}

function aboutHost({ host, reachable, status, problem }: NonNullable<Playback["remote"]>): Fact {
  const told = status === null ? "" : ` (${status})`;
  const answer = reachable ? `Yes, ${host} answers${told}.` : `No, not from ${host}${told}.`;
  return { question: "Can it be had from its media host?", answer, reason: problem };
}

function decodable(isPlayable: boolean | null): string {
  if (isPlayable === null) return "It is not known: what is in it was not measured, or not tried.";
  return isPlayable
    ? "Yes, by what is in it."
    : "Not every one: there are browsers that do not play what is in it.";
}
