"""The shared look: frames, tags, partials and behaviours that the doors build their pages from.

Frames to extend (blocks in brackets; all have title, stylesheet, head, scripts, body_attributes, body, toasts;
desk and portal also more_scripts)
  ui/desk_frame.html     rail, main, palette, keys, live stream  [banner, sidebar, main_class, main, live_query]
                         `main_class` adds to `main` ("main--tabbed", "main--tinted");
                         `sidebar` is for <nav class="sidebar" id="views">;
                         `live_query` is appended to the stream's address ("?on=ticket:7")
  ui/portal_frame.html   header, nav, language, footer           [banner, nav, main, footer]
                         `main` holds .portal__wrap.portal-main
  ui/account_frame.html  sign-in and first run, half and half    [side, side_small, main]
                         `main` holds form.door__form

Context of every page: `look` with brand (name, tagline, footer, mark, stylesheet), theme, density, letters,
hidden_sides, language, direction, languages, live_url, person (the signed-in user or None). A person's `look`
dictionary may hold theme ("light", "dark"), density ("comfortable", "compact") and letters ("on", "off"); guests have
cookies of the same names.

Tags, {% load ui %}
  {% icon "mail" %}  {% icon "mail" "icon--sm" label=_("E-mail") %}
  {% avatar person %}  {% avatar person "lg" decorative=True presence="busy" %}  {% avatar None label=_("Unassigned") %}
  {% when moment "ticket-row__time" %} "6m"   {% since moment %} "6 min ago"   {% at moment %} "09:18", "17 Nov, 09:18"
  {% day moment %} "17 Nov", "17 Nov 2027"
  {{ size|bytes }} "1.2 MB"   {% link "sign_in" %} address or ""
  Django's own {% querystring page=2 %} replaces query parameters

Partials to include
  ui/_empty.html (title, text, art="search|paper|lock|broken", stub, url, label, primary, second_url, second_label, id)
  ui/_pagination.html (page)   ui/_field.html (field)   ui/_form_errors.html (form)   ui/_mark.html
  ui/_file_drop.html (input, id, limit in bytes of all together)   ui/_picked_count.html

Forms: {{ form }} and {{ form.name.as_field_group }} come out in our markup;
`ui.forms.FilesField(limit=bytes)` takes many files.

Python
  ui.fragments  fragments(request, "a/_one.html", "a/_two.html", **context), is_fragment(request),
                toast(request, response, text, undo_url="", seconds=10, tone="good"|"bad"|"leaving", last_second="")
  ui.undoing    forget(request, response, undo_url): that way back of a toast was gone
  ui.errors     problem_page(request, status, title, text, action=(url, words)), too_large, too_many, the handlers
  ui.problem_pages  register_problem_page(prefix, template, allowed=of_user)
  ui.navigation register_place(Place("tickets", _("Tickets"), icon="inbox", url_name="desk:queue", order=10,
                allowed=of_user)); from order 100 on at the foot
                register_link(name, url_name) for: home, requests, me, sign_in, sign_out (POST),
                language (POST language, next), look (POST theme), palette, live, tokens
  ui.brand      register_brand(function_of_request), Brand
  ui.assets     build(), run by `sportello build-assets` before collectstatic

Behaviours: custom elements that wrap what they serve; each file in static/ui/js/ opens with its attributes
  live-stream  data-live="ticket:7" hx-trigger="live" on what refreshes; `live:ticket` events on the document
  hot-keys     data-key="r" or "g m", data-key-label="reply" on what is pressed; others hear `hot-key` events;
               data-opens="keys" on a button shows the sheet
  command-palette  data-opens="palette" on a button; answers are role="option" elements, data-press="d" presses a key
  row-picker   around .ticket-row list and [data-picked-bar]; data-picks="all|none" on buttons
  pane-toggles around .panes with data-hide="{{ look.hidden_sides }}"; data-hides="start|end|start end" on buttons
  menu-button  around <details class="menu-anchor"><summary/><div class="menu">
  theme-switch save="{% link 'look' %}" around a button          copy-text value="…" data-done="Copied" around a button
  draft-keeper key="ticket-7" around a form; [data-draft-state data-saved="Draft saved {time}" data-zone="Europe/Rome"]
  auto-grow around a textarea   auto-submit around a choice and its button
  file-drop, undo-toast, request-trouble, relative-time come with the partials
  mail-frame class="mail-frame" around <iframe sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox">
"""
