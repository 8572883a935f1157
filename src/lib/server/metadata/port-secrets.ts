import type { Actor } from './port-acts.ts';

export interface SealedSecret {
	readonly name: string;
	/** By the vault: nothing of the secret shows in it. */
	readonly sealed: string;
	readonly atMicros: number;
	readonly by: string;
}

export interface SecretRecords {
	list(): Promise<readonly SealedSecret[]>;
	/** In place of the one of that name. */
	put(name: string, sealed: string, by: Actor): Promise<void>;
	/** The same secret under a newer key: nobody's act. */
	reseal(name: string, sealed: string): Promise<void>;
	/** @returns false when there is none */
	remove(name: string, by: Actor): Promise<boolean>;
}
