import { Refusal } from './refusal.ts';

/** The page's documents and files: the same for everybody, made once. */
export class Pages {
  static async load(): Promise<Pages> {
    return new Pages();
  }

  shell(): Response {
    return new Response('<!doctype html><title>authlog</title>', {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
  }

  asset(_name: string): Response {
    throw new Refusal(404, 'There is nothing at this address.');
  }
}
