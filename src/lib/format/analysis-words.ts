import type { ApiAnalysis, ApiEvidence, ApiHypothesis } from '#contracts/analysis.ts';

/** `sensor-stuck` as a heading: `Sensor stuck`. */
export function causeWords(name: string): string {
	const text = name.replaceAll('-', ' ');
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Scores are shares of the evidence among all causes, so words fit them better than digits do. */
export function strengthWords({ score }: Pick<ApiHypothesis, 'score'>): string {
	if (score >= 0.7) return 'strong evidence';
	return score >= 0.4 ? 'some evidence' : 'weak evidence';
}

/** Evidence by its ids, in their order. */
export function cited({ evidence }: Pick<ApiAnalysis, 'evidence'>, ids: readonly string[]): readonly ApiEvidence[] {
	return ids.flatMap((id) => evidence.find((one) => one.id === id) ?? []);
}

const KIND_WORDS: Readonly<Record<ApiEvidence['kind'], string>> = {
	'data-quality': 'Data',
	baseline: 'Limits',
	onset: 'Onset',
	pattern: 'Pattern',
	size: 'After it',
	stream: 'Streams',
	peer: 'Peers',
	covariate: 'Calls',
	version: 'Version',
	event: 'Event',
	similar: 'Past',
	passage: 'Documents',
	system: 'System',
};

export function evidenceWords(kind: ApiEvidence['kind']): string {
	return KIND_WORDS[kind];
}
