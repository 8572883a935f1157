import { ConfigError } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import type { Discovered } from '#contracts/trial.ts';
import type { DiscoverContext } from '../kit/collector.ts';
import { keyFrom } from '../kit/key-from.ts';
import { openSession } from './client.ts';
import { itemSchema, type Item, type OpcuaConfig } from './config.ts';
import { parseGlob } from './glob.ts';
import { fail, optionsOf } from './once.ts';
import { nameVariables, type Named } from './resolve.ts';
import { readValues } from './services.ts';
import { fillTemplate } from './stream-name.ts';
import { readValue, type RawValue } from './value.ts';

const EVERYTHING = 'Objects/**';
/** What a server says of itself: of no interest where everything is asked for. */
const OF_ITSELF = /^Objects\/Server\//;

/** What the entries of the configuration, or a path that the person gives, find on the server. */
export async function discoverVariables(config: OpcuaConfig, context: DiscoverContext): Promise<Discovered[]> {
	const items = context.argument === undefined ? config.items : [browsed(context.argument)];
	const open = await openSession(optionsOf(config, context)).catch(fail(config));
	const close = () => void open.close();
	context.signal.addEventListener('abort', close, { once: true });
	try {
		const faults: string[] = [];
		const onFault = (text: string) => void faults.push(text);
		const named = await nameVariables(open.session, { config: { ...config, items }, onFault }).catch(fail(config));
		const isWide = items.some(({ browse }) => browse === EVERYTHING);
		const wanted = isWide ? named.filter(({ path }) => !OF_ITSELF.test(path.join('/'))) : named;
		if (wanted.length === 0) throw new ConfigError(faults.join('; ') || 'the server has no variables there');
		const nodes = wanted.map(({ node }) => node);
		const values = await readValues(open.session, nodes).catch(fail(config));
		const namespaces = await open.session.readNamespaceArray();
		const found = wanted.map((one, i) => discovered(one, values[i] as RawValue, namespaces));
		return [...found, ...faults.map(missing)];
	} finally {
		context.signal.removeEventListener('abort', close);
		await open.close();
	}
}

function browsed(path: string): Item {
	if (!parseGlob(path))
		throw new ConfigError(`cannot browse ${quote(path)}: write names with / between them, as Objects/Machine/**`);
	return itemSchema.parse({ browse: path });
}

function discovered({ node, path, item, unit }: Named, raw: RawValue, namespaces: readonly string[]): Discovered {
	const { v, reason } = readValue(raw);
	const place = fillTemplate('{path}', { path });
	return {
		name: path.length > 0 ? path.join('/') : node,
		value: isNaN(v) ? reason : v,
		unit,
		entry: { node: lastingName(node, namespaces), stream: keyFrom(place === '' ? (item.stream ?? node) : place) },
	};
}

const missing = (fault: string): Discovered => ({ name: fault, value: 'not there', unit: '', entry: {} });

/** Indexes of namespaces may change whenever the server starts; their names do not. */
function lastingName(node: string, namespaces: readonly string[]): string {
	const [, index = '', identifier = ''] = /^ns=(\d+);(.*)$/s.exec(node) ?? [];
	const uri = namespaces[Number(index)];
	if (index === '' || index === '0' || uri === undefined) return node;
	return `nsu=${uri.replaceAll('%', '%25').replaceAll(';', '%3B')};${identifier}`;
}
