/** A path of browse names with `*` for what a name may have, and `**` for any number of names. */
export interface Glob {
	/** What is left to match below a node of this name; empty when nothing below can match. */
	below(name: string): readonly Glob[];
	/** Whether a node that stands here matches as it is. */
	readonly isEnd: boolean;
}

/** @returns undefined when a segment is empty */
export function parseGlob(text: string): Glob | undefined {
	const segments = text.split('/');
	return segments.some((segment) => segment === '') ? undefined : globOf(segments);
}

function globOf(segments: readonly string[]): Glob {
	const [first, ...rest] = segments;
	if (first === '**') {
		const without = globOf(rest);
		const self: Glob = { isEnd: rest.length === 0, below: (name) => [self, ...without.below(name)] };
		return self;
	}
	const pattern = first === undefined ? undefined : patternOf(first);
	return {
		isEnd: first === undefined,
		below: (name) => (pattern?.test(name) === true ? [globOf(rest)] : []),
	};
}

function patternOf(segment: string): RegExp {
	const parts = segment.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
	return new RegExp(`^${parts.join('.*')}$`, 'su');
}
