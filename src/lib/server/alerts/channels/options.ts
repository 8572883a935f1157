import { z } from 'zod';

/** The secret itself, `file:` and a path, or `secret:` and the name of one that was entered on the page. */
export const secretOption = z.string().min(1);

/** An address of the web, or `file:` and the path of a file that has it: some addresses are secrets. */
export const addressOption = z.string().refine(
	(text) => {
		if (/^(file|secret):.+/.test(text)) return true;
		const url = URL.parse(text);
		return (url?.protocol === 'http:' || url?.protocol === 'https:') && url.username === '' && url.password === '';
	},
	{
		error:
			'must be an address (https://…) without user and password, or file:/path of a file that has it, or secret:name',
	},
);

/** What stands in the file is the operator's word; what was entered on a page goes where anybody's addresses may go. */
export function dialedBy(address: string): 'operator' | 'person' {
	return address.startsWith('secret:') ? 'person' : 'operator';
}

/** Paths and parameters of such addresses are often what lets one in. */
export function shownAddress(address: string): string {
	const url = URL.parse(address);
	if (!url || /^(file|secret):/.test(address)) return address;
	return url.pathname === '/' && url.search === '' ? url.origin : `${url.origin}/…`;
}
