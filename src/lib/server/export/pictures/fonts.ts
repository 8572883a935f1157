import { fileURLToPath } from 'node:url';

const fileOf = (name: string) => fileURLToPath(new URL(`./fonts/${name}`, import.meta.url));

/** Shipped: a server has no fonts that one can rely on. The last has letters and signs that the first two lack. */
export const FONT_FILES = {
	regular: fileOf('IBMPlexSans-Regular.ttf'),
	semiBold: fileOf('IBMPlexSans-SemiBold.ttf'),
	fallback: fileOf('DejaVuSans.ttf'),
} as const;
