/** The simulated plant to look at before anything real is connected. */
export interface ApiDemo {
	readonly isOn: boolean;
	/** Why it can be neither begun nor ended here; null = it can. */
	readonly obstacle: string | null;
}
