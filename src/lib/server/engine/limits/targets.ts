/** What each part is meant to measure, by the value of the stream that says which part is made. */
export type Targets = Readonly<Record<string, { readonly centre: number; readonly sigma: number }>>;

/**
 * Values in sigmas from the target of their part. Which part that is is told before every value (`aim`), so nothing is remembered from
 * point to point.
 */
export function createTargets() {
	const settings: (Targets | undefined)[] = [];
	let aim: Targets[string] | undefined;
	return {
		set(slot: number, { targets }: { readonly targets?: Targets }) {
			settings[slot] = targets;
		},
		/** @param part NaN = not known. @returns whether the part has a target */
		aim(slot: number, part: number): boolean {
			const of = settings[slot];
			const name = String(part);
			aim = of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined;
			return aim !== undefined;
		},
		push: (_slot: number, value: number) => (aim === undefined ? NaN : (value - aim.centre) / aim.sigma),
		grow() {},
		reset() {},
		snapshot: () => [],
		restore() {},
	};
}
