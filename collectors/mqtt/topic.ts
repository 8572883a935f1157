const LEVEL = /\{([1-9]\d?|name|topic)\}/g;

/** @returns why this is no topic filter (MQTT 5, 4.7), or undefined when it is one */
export function filterFault(filter: string): string | undefined {
	if (filter === '' || filter.includes('\0') || Buffer.byteLength(filter) > 65_535)
		return 'a topic filter has 1 to 65,535 bytes and no zero among them';
	if (filter.startsWith('$share/'))
		return 'a shared subscription would hand neighbouring values of a stream to different clients; subscribe without $share';
	const levels = filter.split('/');
	if (levels.some((level, i) => level.includes('#') && (level !== '#' || i < levels.length - 1)))
		return '# stands alone, as the last level: plant/#';
	if (levels.some((level) => level.includes('+') && level !== '+')) return '+ stands alone in its level: plant/+/x';
	return undefined;
}

/** A topic that begins with $ is the broker's own: a wildcard at the front does not match it. */
export function filterMatches(filter: readonly string[], topic: readonly string[]): boolean {
	if (topic[0]?.startsWith('$') && (filter[0] === '#' || filter[0] === '+')) return false;
	for (let i = 0; i < filter.length; i++) {
		if (filter[i] === '#') return true;
		if (i >= topic.length || (filter[i] !== '+' && filter[i] !== topic[i])) return false;
	}
	return filter.length === topic.length;
}

/** Whether there is a topic that both match. */
export function filtersOverlap(a: readonly string[], b: readonly string[]): boolean {
	if (isOnlyOthers(a, b) || isOnlyOthers(b, a)) return false;
	for (let i = 0; ; i++) {
		if (a[i] === '#' || b[i] === '#') return true;
		if (a[i] === undefined || b[i] === undefined) return a[i] === b[i];
		if (a[i] !== '+' && b[i] !== '+' && a[i] !== b[i]) return false;
	}
}

/** Whether the first one matches every topic that the second one matches. */
export function filterCovers(a: readonly string[], b: readonly string[]): boolean {
	if (isOnlyOthers(a, b)) return false;
	for (let i = 0; ; i++) {
		if (a[i] === '#') return true;
		if (a[i] === undefined || b[i] === undefined) return a[i] === b[i];
		if (b[i] === '#' || (a[i] !== '+' && a[i] !== b[i])) return false;
	}
}

/** A wildcard at the front does not take the broker's own topics. */
function isOnlyOthers(a: readonly string[], b: readonly string[]): boolean {
	return (a[0] === '#' || a[0] === '+') && (b[0]?.startsWith('$') ?? false);
}

/** @returns why a template cannot be filled from topics of this filter, or undefined when it can */
export function templateFault(template: string, filter: string, names: readonly string[]): string | undefined {
	const rest = template.replace(LEVEL, '');
	const brace = /[{}]/.exec(rest);
	if (brace) return 'braces hold the number of a topic level ({1} is the first), {topic} or {name}';
	const levels = filter.split('/');
	const highest = Math.max(0, ...[...template.matchAll(LEVEL)].map(([, what]) => Number(what) || 0));
	if (levels.at(-1) !== '#' && highest > levels.length)
		return `{${highest}}: the topic has ${levels.length} levels, {1} is the first`;
	if (template.includes('{name}') && names.length === 0) return '{name} is the name of one of several "values"';
	return undefined;
}

/** @returns the text with the levels of a topic filled in; one that the topic does not have is empty */
export function fillTemplate(template: string, topic: readonly string[], name: string): string {
	return template.replace(LEVEL, (_, what: string) => {
		if (what === 'name') return name;
		return what === 'topic' ? topic.join('/') : (topic[Number(what) - 1] ?? '');
	});
}
