import { z } from 'zod';

/** The secret itself, or `file:` and a path. */
export const secretOption = z.string().min(1);

/** An address of the web, or `file:` and the path of a file that has it: some addresses are secrets. */
export const addressOption = z.string().refine(
	(text) => {
		if (/^file:.+/.test(text)) return true;
		const url = URL.parse(text);
		return (url?.protocol === 'http:' || url?.protocol === 'https:') && url.username === '' && url.password === '';
	},
	{ error: 'must be an address (https://…) without user and password, or file:/path of a file that has it' },
);

/** Paths and parameters of such addresses are often what lets one in. */
export function shownAddress(address: string): string {
	const url = URL.parse(address);
	if (!url) return address;
	return url.pathname === '/' && url.search === '' ? url.origin : `${url.origin}/…`;
}
