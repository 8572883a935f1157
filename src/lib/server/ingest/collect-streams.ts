import type { DeclaredStream } from '#contracts/collect.ts';
import { nameFault } from './batch.ts';
import type { DeclaredSlot } from './collect-batch.ts';
import { isUnit } from './point.ts';
import type { StreamRegistry, WantedStream } from './registry.ts';

/**
 * Ids for what a collector declares, in its order. A stream that cannot be had takes nothing from the others.
 *
 * @throws JournalFullError
 */
export async function declareStreams(
	registry: StreamRegistry,
	who: { readonly site: string; readonly owner: string },
	declared: readonly DeclaredStream[],
): Promise<DeclaredSlot[]> {
	const slots = declared.map((stream) => knownSlot(registry, who.site, stream));
	const missing = slots.flatMap((slot, i) => (slot === undefined ? [i] : []));
	const wanted = missing.map((i): WantedStream => ({ site: who.site, ...declared[i]! }));
	const made = wanted.length === 0 ? [] : await registry.ensure(who.owner, wanted);
	missing.forEach((i, at) => {
		const id = made[at]?.id;
		slots[i] = id === undefined ? { id, fault: registry.refusal(who.owner, wanted[at]!).message } : { id };
	});
	return slots as DeclaredSlot[];
}

/** @returns undefined when it has to be made, or its unit has changed */
function knownSlot(registry: StreamRegistry, site: string, stream: DeclaredStream): DeclaredSlot | undefined {
	const fault = nameFault(stream.key, stream.labels) ?? (isUnit(stream.unit) ? undefined : 'unit is no unit');
	if (fault !== undefined) return { id: undefined, fault };
	const known = registry.find(site, stream.key, stream.labels);
	if (known === undefined || (stream.unit !== '' && stream.unit !== known.unit)) return undefined;
	return { id: known.id };
}
