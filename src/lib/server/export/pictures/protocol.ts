export interface RenderRequest {
	readonly id: number;
	readonly svg: string;
	readonly width: number;
}

export type RenderReply =
	{ readonly id: number; readonly png: Uint8Array } | { readonly id: number; readonly error: string };
