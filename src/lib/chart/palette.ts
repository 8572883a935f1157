/** Colours and type of a chart, as the theme has them. Canvas cannot read custom properties by itself. */
export interface Palette {
	readonly ink: string;
	readonly inkSoft: string;
	readonly line: string;
	readonly grid: string;
	readonly surface: string;
	readonly zoneA: string;
	readonly zoneB: string;
	readonly zoneC: string;
	readonly limit: string;
	readonly centre: string;
	readonly abnormal: string;
	readonly onAbnormal: string;
	readonly gap: string;
	readonly family: string;
	/** Pixels of the page's own `rem`: charts grow with the type on a wall. */
	readonly remPx: number;
}

export function readPalette(element: Element): Palette {
	const style = getComputedStyle(element);
	const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
	return {
		ink: colour('ink'),
		inkSoft: colour('ink-soft'),
		line: colour('chart-line'),
		grid: colour('chart-grid'),
		surface: colour('surface'),
		zoneA: colour('zone-a'),
		zoneB: colour('zone-b'),
		zoneC: colour('zone-c'),
		limit: colour('chart-limit'),
		centre: colour('chart-centre'),
		abnormal: colour('abnormal'),
		onAbnormal: colour('on-abnormal'),
		gap: colour('chart-gap'),
		family: style.fontFamily,
		remPx: parseFloat(getComputedStyle(document.documentElement).fontSize),
	};
}
