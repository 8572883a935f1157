/** Pictures as bytes: SVG is text already, PNG takes a renderer. */
export interface Pictures {
	/**
	 * Draws SVG of ours (`spcSvg`) as PNG, in a thread of its own.
	 *
	 * @param svg never one from outside
	 * @param size.width in pixels, 16 to 4096; the height follows
	 * @throws RetriableError while too many wait, and when the renderer died over it
	 */
	renderPng(svg: string, size: { readonly width: number }): Promise<Uint8Array>;
	stop(): Promise<void>;
}
