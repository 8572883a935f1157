import { BrowseDirection, NodeClass, type ClientSession } from 'node-opcua';
import type { Glob } from './glob.ts';

/** A variable that was found. */
export interface Found {
	/** `ns=2;s=…`, with the index of today. */
	readonly node: string;
	/** Browse names from below the root on: `["Objects", "Machine", "Load"]`. */
	readonly path: readonly string[];
}

interface Place extends Found {
	readonly globs: readonly Glob[];
	readonly isVariable: boolean;
}

const ROOT = 'i=84';
const HIERARCHICAL = 'i=33';
const HAS_PROPERTY = 'i=46';
const NODES_AT_ONCE = 100;
const MAX_DEPTH = 20;
/** A tree without end, or one that is none. */
const MAX_VISITED = 200_000;
const NODE_CLASSES = NodeClass.Object | NodeClass.Variable;
const ALL_RESULTS = 63;

/**
 * All variables whose path matches; branches that cannot match are not gone into, and no node is gone into twice.
 *
 * @throws Error when the server does not answer, or when there are more than `most`
 */
export async function findVariables(session: ClientSession, glob: Glob, most: number): Promise<Found[]> {
	const found: Found[] = [];
	const visited = new Set<string>();
	let level: Place[] = [{ node: ROOT, path: [], globs: [glob], isVariable: false }];
	for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth++) {
		const next: Place[] = [];
		for (let i = 0; i < level.length; i += NODES_AT_ONCE)
			next.push(...(await below(session, level.slice(i, i + NODES_AT_ONCE))));
		for (const { node, path, globs, isVariable } of next)
			if (isVariable && globs.some(({ isEnd }) => isEnd)) found.push({ node, path });
		if (found.length > most) throw new Error(`more than ${most} variables match; narrow "browse" or raise "maxItems"`);
		level = next.filter(({ node }) => !visited.has(node) && visited.add(node));
		if (visited.size > MAX_VISITED) throw new Error(`more than ${MAX_VISITED} nodes to look at; narrow "browse"`);
	}
	const unique = new Map(found.map((one) => [one.node, one]));
	return [...unique.values()];
}

async function below(session: ClientSession, places: readonly Place[]): Promise<Place[]> {
	const answers = await session.browse(
		places.map(({ node }) => ({
			nodeId: node,
			referenceTypeId: HIERARCHICAL,
			includeSubtypes: true,
			browseDirection: BrowseDirection.Forward,
			nodeClassMask: NODE_CLASSES,
			resultMask: ALL_RESULTS,
		})),
	);
	const children: Place[] = [];
	for (const [i, place] of places.entries()) {
		let answer = answers[i];
		while (answer) {
			for (const reference of answer.references ?? []) {
				// Ranges and units of a variable are variables, too.
				if (String(reference.referenceTypeId).replace(/^ns=0;/, '') === HAS_PROPERTY) continue;
				const name = reference.browseName.name ?? '';
				const globs = place.globs.flatMap((one) => one.below(name));
				if (globs.length === 0 || reference.nodeId.serverIndex > 0) continue;
				const isVariable = reference.nodeClass === NodeClass.Variable;
				children.push({ node: nodeText(reference.nodeId), path: [...place.path, name], globs, isVariable });
			}
			const more = answer.continuationPoint;
			answer = more && more.length > 0 ? await session.browseNext(more, false) : undefined;
		}
	}
	return children;
}

function nodeText(nodeId: { toString(): string }): string {
	return nodeId.toString();
}
