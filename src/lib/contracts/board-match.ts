import { globPattern } from './glob.ts';
import type { Labels, StreamKind } from './stream.ts';

/** What a board may be asked for by its address. */
export const VARIABLES = ['site', 'asset', 'provider'] as const;
export type Variable = (typeof VARIABLES)[number];
export type Values = Readonly<Partial<Record<Variable, string>>>;

export interface Which {
	readonly stream?: string | undefined;
	readonly site?: string | undefined;
	readonly asset?: string | undefined;
	readonly provider?: string | undefined;
	readonly labels?: Labels | undefined;
}

interface Named {
	readonly key: string;
	readonly site: string;
	readonly asset: string;
	readonly kind: StreamKind;
	readonly labels: Labels;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** @returns the names in braces */
export function placeholdersOf(text: string): string[] {
	return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** @returns the text with `{asset}` and the like put in; one without a value is every one */
export function filled(text: string, values: Values): string {
	return text.replace(PLACEHOLDER, (_, name: string) => values[name as Variable] ?? '*');
}

/** Streams of language models are named `provider/model/…`; others have no provider. */
export function providerOf({ kind, key }: Pick<Named, 'kind' | 'key'>): string | undefined {
	return kind === 'llm' ? key.slice(0, Math.max(0, key.indexOf('/'))) || undefined : undefined;
}

/** @returns whether a stream is one of those meant; what is not said is every one */
export function matcherOf(which: Which, values: Values): (stream: Named) => boolean {
	const glob = (text: string | undefined) => (text === undefined ? undefined : globPattern(filled(text, values)));
	const [key, site, asset, provider] = [which.stream, which.site, which.asset, which.provider].map(glob);
	const labels = Object.entries(which.labels ?? {});
	return (stream) =>
		(key?.test(stream.key) ?? true) &&
		(site?.test(stream.site) ?? true) &&
		(asset?.test(stream.asset) ?? true) &&
		(provider === undefined || testProvider(provider, stream)) &&
		labels.every(([name, value]) => stream.labels[name] === value);
}

function testProvider(provider: RegExp, stream: Named): boolean {
	const name = providerOf(stream);
	return name !== undefined && provider.test(name);
}
