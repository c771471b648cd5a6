// SPDX-License-Identifier: GPL-3.0-only
import type { Draw } from './random.ts';

/** Words that invented notes are made of, by language. */
export const languages: Readonly<Record<string, readonly string[]>> = {
  en: 'release plan weekly meeting notes budget review server backup garden recipe bread travel packing list project idea reading log team roadmap draft design query index cache policy incident report storage network key rotation travel harbour winter summer budget lesson training guide setup install upgrade migration test results interview questions book summary morning routine kitchen stock inventory price change request customer feedback quarterly goals retrospective onboarding checklist deploy rollback canary database failover queue worker metric alert dashboard river bridge museum ticket'.split(
    ' ',
  ),
  de: 'Besprechung Notizen Wochenplan Entwurf Freigabe Rechnung Garten Küche Rezept Brot Reise Packliste Projekt Idee Lesen Übersicht Anleitung Wartung Sicherung Störung Bericht Straße Brücke Größe Prüfung Ergebnis Fragen Termin Urlaub Schlüssel Netzwerk Speicher Umzug Vorlage Ablage Gespräch Ziele Rückblick Einkauf Liste'.split(
    ' ',
  ),
  fr: 'réunion compte rendu projet idée recette pain voyage liste jardin été hiver français leçon guide sauvegarde réseau clé élève étude budget château théâtre marché semaine journal brouillon équipe retour questions réponses'.split(
    ' ',
  ),
  es: 'reunión notas proyecto idea receta pan viaje lista jardín verano invierno lección guía copia red clave niño estudio presupuesto mercado semana diario borrador equipo preguntas respuestas año'.split(
    ' ',
  ),
  sv: 'möte anteckningar projekt idé recept bröd resa lista trädgård sommar vinter lektion handbok säkerhet nätverk nyckel budget vecka dagbok utkast frågor svar år översikt'.split(
    ' ',
  ),
  pl: 'spotkanie notatki projekt pomysł przepis chleb podróż lista ogród lato zima lekcja kopia sieć klucz budżet tydzień dziennik szkic zespół pytania odpowiedzi źródło'.split(
    ' ',
  ),
  ru: 'встреча заметки проект идея рецепт хлеб поездка список сад лето зима урок сеть ключ бюджет неделя дневник черновик команда вопросы ответы'.split(
    ' ',
  ),
  ja: '会議 メモ 計画 旅行 料理 日記 予算 設計 手順 東京 冬 夏 学習 質問 一覧 障害 報告'.split(' '),
  zh: '会议 笔记 计划 旅行 食谱 日记 预算 设计 步骤 北京 冬天 学习 问题 清单 故障 报告'.split(' '),
  ko: '회의 메모 계획 여행 요리 일기 예산 설계 절차 서울 겨울 학습 질문 목록'.split(' '),
};

export const emoji = ['🚀', '📝', '🌱', '🔥', '✅', '🍞', '🧊'] as const;

/** Tags as people write them, some of them nested. */
export const tagWords =
  'weekly draft todo idea recipe baking oven travel team/harbour team/north project/alpha ops deploy database backup wip in-progress follow-up reading book garden status/stable status/new 2024 y2025 q3 home work urgent later meeting einkauf küche größe réunion été jardín niño möte źródło проект идея 東京 メモ 会议 메모 c-plus-plus node_js UI API macOS PostgreSQL licence performance payments queue workers tls dns certificates'.split(
    ' ',
  );

export const sentences = [
  'The first paragraph says what this is about, in one sentence or two.',
  'Nothing was decided yet; see the list below.',
  'We met for half an hour and talked about what comes next.',
  'Der Plan steht, und die nächsten Schritte sind klar.',
  'On verra la semaine prochaine ce qui reste à faire.',
  'Mezclar la harina con el agua y dejar reposar una hora.',
  'Сначала нужно проверить список и записать ответы.',
  '明日の会議で話すことをここに書く。',
  'Short.',
  'It depends on the weather, on the price, and on who is there: then we decide. Until that day nothing is bought and nobody books a room.',
] as const;

const sounds = [
  ...['b', 'c', 'ch', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'qu', 'r', 's', 'sh', 'st'],
  ...['t', 'tr', 'v', 'w', 'x', 'y', 'z', 'th', 'pl', 'gr', 'ck', 'ł', 'ñ', 'ß', 'č'],
] as const;
const vowels = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou', 'ie', 'ä', 'é', 'ö', 'å'] as const;

/** Words of no language: what is picked must not hang on the words. */
export const strangeWords = (draw: Draw, count: number): readonly string[] =>
  Array.from({ length: count }, () => {
    const syllables = Array.from(
      { length: draw.between(1, 4) },
      () => `${draw.one(sounds)}${draw.one(vowels)}${draw.chance(0.3) ? draw.one(sounds) : ''}`,
    );
    const word = syllables.join('');
    return draw.one([word, word, word, word.toUpperCase(), `${word}${draw.between(0, 99)}`]);
  });
