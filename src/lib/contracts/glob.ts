/**
 * `*` is anything within a segment, `**` anything at all; a lone `*` is every name, which is what leaving the pattern out
 * means.
 */
export function globPattern(glob: string): RegExp {
	if (glob === '*') return /^/;
	const parts = glob.split(/(\*+)/).map((part) => {
		if (!part.startsWith('*')) return part.replace(/[.+?^${}()|[\]\\/-]/g, '\\$&');
		return part === '*' ? '[^/]*' : '.*';
	});
	return new RegExp(`^${parts.join('')}$`, 's');
}
