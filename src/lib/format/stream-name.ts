import type { Labels } from '#contracts/stream.ts';

/** @returns the key without the asset that it stands under anyway */
export function shortKey(key: string, asset: string): string {
	return key.startsWith(`${asset}/`) && key.length > asset.length + 1 ? key.slice(asset.length + 1) : key;
}

/** @returns `line a · source probe`; empty without labels */
export function labelsText(labels: Labels): string {
	return Object.entries(labels)
		.map(([name, value]) => `${name} ${value}`)
		.join(' · ');
}

/** @returns the text that the filter box looks in */
export function searchText(stream: {
	readonly key: string;
	readonly site: string;
	readonly asset: string;
	readonly unit: string;
	readonly labels: Labels;
}): string {
	const { site, asset, key, unit, labels } = stream;
	return [site, asset, key, unit, ...Object.entries(labels).flat()].join(' ').toLowerCase();
}

/** @returns true when every word of the query stands somewhere in the text */
export function matches(text: string, query: string): boolean {
	return query
		.toLowerCase()
		.split(/\s+/)
		.every((word) => text.includes(word));
}
