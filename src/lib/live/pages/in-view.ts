/**
 * @param entries of elements that carry `data-stream`
 * @returns ids of the streams in view, after what the browser reports
 */
export function seenNow(
	before: ReadonlySet<string>,
	entries: readonly { readonly target: Element; readonly isIntersecting: boolean }[],
): ReadonlySet<string> {
	const now = new Set(before);
	for (const { target, isIntersecting } of entries) {
		const id = target.getAttribute('data-stream') ?? '';
		if (isIntersecting) now.add(id);
		else now.delete(id);
	}
	return now;
}
