import type { Actor } from '../metadata/port-acts.ts';

/** Secrets that people typed into a page (a token, a password of a broker) as they stand in the database: sealed. */
export interface Vault {
	/**
	 * @param about what the secret belongs to, `channel:7 token`: sealed text that is moved to another place does not open
	 * @returns text without anything of the secret in it
	 */
	seal(secret: string, about: string): string;
	/** @throws VaultError when it was sealed by a key that is not here, for something else, or was changed */
	open(sealed: string, about: string): string;
	/** Sealed by an older key: sealing it anew lets that key go. */
	isOld(sealed: string): boolean;
}

/** Secrets that people entered on a page, by name. */
export interface KeptSecrets {
	start(): Promise<void>;
	list(): readonly { readonly name: string; readonly atMicros: number; readonly by: string }[];
	/** @throws RetriableError when there is none of that name; VaultError when it was sealed by a key that is not here */
	reveal(name: string): string;
	put(name: string, secret: string, by: Actor): Promise<void>;
	/** @returns false when there is none */
	remove(name: string, by: Actor): Promise<boolean>;
}

/** A secret that cannot be had back. Names the place, never what is in it. */
export class VaultError extends Error {
	override readonly name = 'VaultError';
}
