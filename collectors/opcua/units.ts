import { BrowsePath, StatusCodes, type ClientSession } from 'node-opcua';
import { readValues } from './services.ts';

const HAS_PROPERTY = 'i=46';
const MAX_UNIT_CHARS = 40;

/** The EngineeringUnits of variables, where the server has them: `bar`, `°C` (OPC 10000-8, 5.6.3). */
export async function readUnits(
	session: ClientSession,
	nodes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
	const units = new Map<string, string>();
	if (nodes.length === 0) return units;
	const answers = await session.translateBrowsePath(nodes.map(pathToUnits));
	const properties = answers.flatMap(({ statusCode, targets }, i) => {
		const target = statusCode.equals(StatusCodes.Good) ? targets?.[0]?.targetId : undefined;
		return target ? [{ node: nodes[i] ?? '', property: target.toString() }] : [];
	});
	const values = await readValues(
		session,
		properties.map(({ property }) => property),
	);
	properties.forEach(({ node }, i) => {
		const text = textOf(values[i]?.value?.value);
		if (text !== '') units.set(node, text);
	});
	return units;
}

function pathToUnits(node: string): BrowsePath {
	const targetName = { namespaceIndex: 0, name: 'EngineeringUnits' };
	return new BrowsePath({
		startingNode: node,
		relativePath: {
			elements: [{ referenceTypeId: HAS_PROPERTY, isInverse: false, includeSubtypes: true, targetName }],
		},
	});
}

function textOf(information: unknown): string {
	const name = (information as { readonly displayName?: { readonly text?: unknown } } | null | undefined)?.displayName;
	return typeof name?.text === 'string' ? name.text.trim().slice(0, MAX_UNIT_CHARS) : '';
}
