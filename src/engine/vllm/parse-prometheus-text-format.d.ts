// SPDX-License-Identifier: GPL-3.0-only
declare module 'parse-prometheus-text-format' {
  type Sample = { readonly value?: string; readonly labels?: Readonly<Record<string, string>> };
  type Family = {
    readonly name: string;
    readonly type: string;
    readonly metrics: readonly Sample[];
  };
  export default function parsePrometheusTextFormat(text: string): readonly Family[];
}
