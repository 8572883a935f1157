const name = (key: string) => `sigmascope.${key}`;

/** @returns null when nothing was chosen, or when the browser keeps nothing */
export function readSetting(key: string): string | null {
	try {
		return localStorage.getItem(name(key));
	} catch {
		return null;
	}
}

/** Where the browser keeps nothing the choice holds as long as the page. */
export function writeSetting(key: string, value: string): void {
	try {
		localStorage.setItem(name(key), value);
	} catch {
		return;
	}
}
