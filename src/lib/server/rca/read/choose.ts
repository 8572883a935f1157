import type { Stream } from '#contracts/stream.ts';
import { modelOf } from '../evidence/target.ts';
import { isHostMetric } from './system.ts';

/** As many other streams as are looked at: what is read has a bound, however many there are. */
const MOST = 36;
const MOST_OF_ASSET = 16;

/**
 * Which other streams to look at: those of the same machine or of the same calls, peers that can tell whose fault it is, and those
 * that violate at the same time.
 *
 * @param violating ids of streams with a violation at the time
 */
export function chooseCompanions(
	stream: Stream,
	{ of, violating }: { readonly of: readonly Stream[]; readonly violating: ReadonlySet<number> },
): readonly Stream[] {
	const unique = new Map(
		of.filter(({ id, site }) => id !== stream.id && site === stream.site).map((one) => [one.id, one]),
	);
	const scored = [...unique.values()]
		.map((other) => ({ other, score: closeness(stream, other) + (violating.has(other.id) ? 5 : 0) }))
		.filter(({ score }) => score > 0)
		.toSorted((a, b) => b.score - a.score || a.other.id - b.other.id)
		.map(({ other }) => other);
	const isNear = (other: Stream) => other.asset === stream.asset;
	const near = scored.filter(isNear).slice(0, MOST_OF_ASSET);
	return [...near, ...scored.filter((other) => !isNear(other))].slice(0, MOST);
}

function closeness(stream: Stream, other: Stream): number {
	if (other.kind !== stream.kind || isHostMetric(other)) return 0;
	return stream.kind === 'llm' ? closenessOfModels(stream, other) : closenessOfMachines(stream, other);
}

function closenessOfMachines(stream: Stream, other: Stream): number {
	const area = stream.labels.area !== undefined && stream.labels.area === other.labels.area ? 2 : 0;
	const alike = lastOf(stream.key) === lastOf(other.key) ? 2 : 0;
	return (other.asset === stream.asset ? 10 : 1) + area + alike;
}

/** Calls of another prompt or region are no peers. */
function closenessOfModels(stream: Stream, other: Stream): number {
	const [own, its] = [modelOf(stream), modelOf(other)];
	if (!own || !its) return 0;
	const isSameClass = ['prompt_class', 'region', 'source'].every((name) => stream.labels[name] === other.labels[name]);
	const isSameTarget = own.provider === its.provider && own.model === its.model;
	if (isSameTarget) return isSameClass ? 12 : 1;
	if (its.characteristic !== own.characteristic) return 0;
	if (its.isControl) return 11;
	return (own.provider === its.provider ? 9 : 7) + (isSameClass ? 1 : 0);
}

const lastOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);
