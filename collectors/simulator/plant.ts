/** What is measured on a machine, in its calm state. Times in seconds, sizes in standard deviations of its noise. */
export interface Characteristic {
	readonly name: string;
	readonly unit: string;
	readonly centre: number;
	readonly sigma: number;
	readonly decimals: number;
	/** How much of a deviation is left at the next value; without it the quantity is controlled. */
	readonly sluggish?: number;
	/** A load cycle: a sine. */
	readonly load?: { readonly sigmas: number; readonly periodS: number };
	/** Wear: hardly seen for most of a tool's life, then faster and faster, until the tool is changed. */
	readonly wear?: { readonly sigmas: number; readonly periodS: number };
	/** Slow drift to and fro, as of the room's temperature. */
	readonly drift?: { readonly sigmas: number; readonly periodS: number };
}

export interface Machine {
	readonly kind: string;
	readonly area: string;
	readonly characteristics: readonly Characteristic[];
}

export const MACHINES: readonly Machine[] = [
	{
		kind: 'press',
		area: 'forming',
		characteristics: [
			{ name: 'temperature', unit: '°C', centre: 64, sigma: 0.35, decimals: 2 },
			{ name: 'pressure', unit: 'bar', centre: 182, sigma: 1.1, decimals: 1 },
			{ name: 'force', unit: 'kN', centre: 940, sigma: 6.5, decimals: 1 },
			{ name: 'cycle_time', unit: 's', centre: 4.2, sigma: 0.06, decimals: 3 },
		],
	},
	{
		kind: 'spindle',
		area: 'forming',
		characteristics: [
			{ name: 'temperature', unit: '°C', centre: 48, sigma: 0.25, decimals: 2 },
			{
				name: 'vibration_rms',
				unit: 'mm/s',
				centre: 1.42,
				sigma: 0.06,
				decimals: 3,
				wear: { sigmas: 12, periodS: 1500 },
			},
			{ name: 'power', unit: 'kW', centre: 7.6, sigma: 0.18, decimals: 2 },
		],
	},
	{
		kind: 'conveyor',
		area: 'forming',
		characteristics: [
			{ name: 'cycle_time', unit: 's', centre: 1.85, sigma: 0.02, decimals: 3 },
			{ name: 'power', unit: 'kW', centre: 2.1, sigma: 0.05, decimals: 3 },
		],
	},
	{
		kind: 'furnace',
		area: 'heat',
		characteristics: [
			{
				name: 'temperature',
				unit: '°C',
				centre: 845,
				sigma: 1.6,
				sluggish: 0.7,
				decimals: 1,
			},
			{
				name: 'power',
				unit: 'kW',
				centre: 118,
				sigma: 1.2,
				sluggish: 0.3,
				decimals: 1,
				load: { sigmas: 2, periodS: 45 },
				drift: { sigmas: 0.4, periodS: 5400 },
			},
		],
	},
	{
		kind: 'pump',
		area: 'heat',
		characteristics: [
			{ name: 'pressure', unit: 'bar', centre: 6.1, sigma: 0.05, decimals: 3 },
			{ name: 'flow', unit: 'l/min', centre: 240, sigma: 1.9, decimals: 1 },
			{ name: 'vibration_rms', unit: 'mm/s', centre: 0.92, sigma: 0.035, decimals: 3 },
		],
	},
	{
		kind: 'compressor',
		area: 'heat',
		characteristics: [
			{ name: 'pressure', unit: 'bar', centre: 8.2, sigma: 0.07, decimals: 3 },
			{ name: 'temperature', unit: '°C', centre: 71, sigma: 0.4, decimals: 2 },
			{ name: 'power', unit: 'kW', centre: 31, sigma: 0.5, decimals: 2 },
		],
	},
];

/** An LLM behind an API. Invented: neither names nor numbers stand for any company's service. */
export interface Provider {
	readonly name: string;
	readonly model: string;
	readonly everyS: number;
	/** Median time to the first token. */
	readonly ttftMs: number;
	/** Deviation of the logarithm of it: 0.1 is nearly even, 0.3 has a long tail. */
	readonly ttftSpread: number;
	readonly outputTps: number;
	readonly outputTokens: number;
}

export const PROVIDERS: readonly Provider[] = [
	{ name: 'provider-a', model: 'large', everyS: 5, ttftMs: 420, ttftSpread: 0.12, outputTps: 66, outputTokens: 150 },
	{ name: 'provider-b', model: 'medium', everyS: 3, ttftMs: 260, ttftSpread: 0.1, outputTps: 105, outputTokens: 150 },
	{ name: 'provider-c', model: 'small', everyS: 2.5, ttftMs: 140, ttftSpread: 0.14, outputTps: 170, outputTokens: 150 },
	{ name: 'provider-d', model: 'large', everyS: 5, ttftMs: 610, ttftSpread: 0.28, outputTps: 58, outputTokens: 150 },
	{ name: 'provider-e', model: 'mini', everyS: 2, ttftMs: 95, ttftSpread: 0.12, outputTps: 220, outputTokens: 150 },
];
