// Filters and folding of the report page (index.html). Embedded by src/runner/CMakeLists.txt. Without scripts
// the page shows everything, and folds with <details>. Writes to the page only; it never reads a layout.
'use strict';
(() => {
  const form = document.getElementById('filter');
  const count = document.getElementById('count');

  const scenarios = [...document.querySelectorAll('.scenario')].map((element) => ({
    element,
    outcome: element.dataset.outcome,
    tags: element.dataset.tags.split(' '),
    text: element.querySelector('summary').textContent.toLowerCase(),
    folds: [...element.querySelectorAll('.fold')].map((fold) => ({ element: fold, steps: [] })),
    steps: [...element.querySelectorAll('.step')].map((step) => ({
      element: step,
      marks: [step.dataset.verdict, step.dataset.change],
      should: step.dataset.phase === 'should',
      text: step.textContent.toLowerCase(),
    })),
  }));
  for (const scenario of scenarios) {
    for (const fold of scenario.folds)
      fold.steps = scenario.steps.filter((step) => step.element.parentNode.parentNode === fold.element);
  }
  const shoulds = scenarios.reduce((sum, one) => sum + one.steps.filter((step) => step.should).length, 0);

  // What the user had opened before a text opened what it found.
  let opened_before = null;
  const foldables = () => scenarios.flatMap((one) => [one.element, ...one.folds.map((fold) => fold.element)]);

  function apply() {
    const marks = new Set([...form.querySelectorAll('input[name=mark]:checked')].map((box) => box.value));
    const tag = form.elements.tag.value;
    const text = form.elements.text.value.trim().toLowerCase();
    if (text !== '' && opened_before === null)
      opened_before = new Map(foldables().map((one) => [one, one.open]));

    let seen_scenarios = 0;
    let seen_shoulds = 0;
    for (const scenario of scenarios) {
      const tagged = tag === '' || scenario.tags.includes(tag);
      const named = text !== '' && scenario.text.includes(text);
      const whole = marks.has(scenario.outcome) && !['passed', 'failed', 'errored'].includes(scenario.outcome);
      let matches = 0;
      for (const step of scenario.steps) {
        const match = tagged && (marks.size === 0 || whole || step.marks.some((mark) => marks.has(mark))) &&
          (text === '' || named || step.text.includes(text));
        step.element.hidden = !match;
        matches += match;
        seen_shoulds += match && step.should;
      }
      for (const fold of scenario.folds) {
        fold.element.hidden = fold.steps.every((step) => step.element.hidden);
        if (text !== '' && !named && !fold.element.hidden) fold.element.open = true;
      }
      const visible = matches > 0 || (tagged && marks.size === 0 && (text === '' || named));
      scenario.element.hidden = !visible;
      seen_scenarios += visible;
      if (text !== '' && !named && visible) scenario.element.open = true;
    }
    if (text === '' && opened_before !== null) {
      for (const [element, open] of opened_before) element.open = open;
      opened_before = null;
    }
    count.textContent =
      `${seen_scenarios} of ${scenarios.length} scenarios, ${seen_shoulds} of ${shoulds} shoulds`;
  }

  let due = false;
  function apply_soon() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      apply();
    });
  }

  function open_all(open) {
    for (const element of foldables()) {
      if (!element.hidden) element.open = open;
    }
  }

  // A link to a scenario opens it.
  function open_target() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target === null || !target.classList.contains('scenario')) return;
    target.hidden = false;
    target.open = true;
    target.scrollIntoView();
  }

  form.addEventListener('input', apply_soon);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => apply_soon());
  document.getElementById('open-all').addEventListener('click', () => open_all(true));
  document.getElementById('close-all').addEventListener('click', () => open_all(false));
  window.addEventListener('hashchange', open_target);
  form.hidden = false;
  apply();
  open_target();
})();
