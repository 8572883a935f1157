import type { CollectorConfig } from '#contracts/config.ts';
import type { Actor } from '../metadata/port-acts.ts';

/** A small plant and some LLM providers, simulated, in a site of their own: what runs while nothing is configured, or when somebody asks. */
export interface Demo {
	isOn(): boolean;
	/** Beside those of the configuration. In a process of its own where there are some: they are not disturbed. */
	collectors(): readonly CollectorConfig[];
	/** Why it can be neither begun nor ended here; undefined = it can. */
	obstacle(): string | undefined;
	begin(): Promise<void>;
	/** Removes its streams too. */
	end(by: Actor): Promise<void>;
}
