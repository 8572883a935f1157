/** One command of the CLI. `run` resolves with the exit code; errors that a person can mend are thrown. */
export interface Command {
	readonly name: string;
	/** First line: as it is typed; further lines: options. */
	readonly usage: string;
	readonly does: string;
	run(args: string[]): Promise<number>;
}
