import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import ErrorRoutes from "./ErrorRoutes.vue";
import PlaygroundFrame from "./PlaygroundFrame.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("ErrorRoutes", ErrorRoutes);
    app.component("PlaygroundFrame", PlaygroundFrame);
  },
} satisfies Theme;
