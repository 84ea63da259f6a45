namespace Rafaga.Settings;

/// <summary>A setting is wrong; the message is one line that names the fix.</summary>
internal sealed class SettingsException(string message) : Exception(message);
