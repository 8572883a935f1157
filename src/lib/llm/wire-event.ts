import type { LlmUsage } from '#contracts/llm.ts';

/** What an answer consists of, whatever the provider's protocol. */
export type WireEvent =
	| { readonly kind: 'token'; readonly of: 'text' | 'reasoning' | 'tool'; readonly text: string }
	/** Replaces what was said before: every provider counts cumulatively. */
	| { readonly kind: 'usage'; readonly usage: LlmUsage }
	/** Who answered, as the answer says: the model's full name, the answer's id. */
	| {
			readonly kind: 'answer';
			readonly model?: string | undefined;
			readonly id?: string | undefined;
			/** Of the deployment that answers. */
			readonly fingerprint?: string;
	  }
	/** The provider's own clock, in milliseconds. */
	| { readonly kind: 'server'; readonly totalMs?: number; readonly loadMs?: number; readonly queueMs?: number }
	/** The terminal marker. Without one an answer is truncated, however cleanly its connection was closed. */
	| { readonly kind: 'end'; readonly finish: string }
	/** An error inside an answer that had begun well. */
	| { readonly kind: 'error'; readonly type: string; readonly message: string };

/** Reads the events of one answer in their order. Foreign documents: what is not known is passed over. */
export interface WireReader {
	take(event: unknown): WireEvent[];
}
